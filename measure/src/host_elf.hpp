// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/elf.hpp"

#include <vector>

// ELF files as the hosts of the page-walk generations read them: some things they insist on, most
// they never look at. For everything else there is ElfView.
namespace keystone {

// Whose rules.
enum class ElfHost : std::uint8_t {
  sdk64,      // the host library, 64-bit: files of both classes
  sdk32,      // the host library, 32-bit: files of class 32
  driver_v1,  // the kernel driver of v0.1: 64-bit programs, sections not looked at
  driver_v2,  // of v0.2: the same, and the sections of an eapp for .bss
};

struct HostElf {
  ElfClass elf_class;
  std::uint16_t machine;
  std::uint64_t entry;
  std::vector<ElfSegment> segments;  // of a host library at least one
  std::vector<ElfSection> sections;  // without names; of driver_v2 alone
};

// `malformed` for what the host refuses.
[[nodiscard]] Result<HostElf> read_host_elf(const ByteSource& source, ElfHost host);

}  // namespace keystone
