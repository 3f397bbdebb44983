// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/elf.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keystone::elf {

// A string table section of an ELF file, read whole.
class Strings {
 public:
  // `malformed`, naming `what`, for a section outside the file; `limit_exceeded` above 64 MiB.
  [[nodiscard]] static Result<Strings> read(const ByteSource& source, const ElfSection& section,
                                            std::string_view what);

  // The name at `offset`, cut at 255 bytes; empty where there is none: a damaged name harms nobody
  // but a reader.
  [[nodiscard]] std::string at(std::uint32_t offset) const;

 private:
  Strings() = default;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace keystone::elf
