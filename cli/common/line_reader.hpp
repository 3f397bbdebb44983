// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/input_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keystone::cli {

// The lines of a file, one after the other, in memory that does not grow with the file.
class LineReader {
 public:
  struct Line {
    std::string_view text;  // without its line feed, and no more than `longest` bytes of it
    std::uint64_t size;     // in bytes, of the whole line
  };

  // `file` must outlive the reader, and the caller calls its finish(). `longest`: how much of a
  // line is kept.
  LineReader(const InputFile& file, std::size_t longest) : file_(file), longest_(longest) {}

  // The next line, which stands until the next call; nothing behind the last, whether that ends
  // with a line feed or not. `unreadable` where the file is not what it was at its opening.
  [[nodiscard]] Result<std::optional<Line>> next();

 private:
  [[nodiscard]] Status fill();

  const InputFile& file_;
  const std::size_t longest_;
  std::uint64_t offset_ = 0;  // of the byte behind what was read
  std::string chunk_;
  std::string_view rest_;  // of the chunk
  std::string line_;
};

}  // namespace keystone::cli
