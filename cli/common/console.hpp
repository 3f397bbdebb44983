// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace keystone::cli {

// `text` without what could move a cursor, start an escape sequence or begin a line: what strangers
// wrote, such as the name of a file, goes through this before it is shown.
[[nodiscard]] std::string one_line(std::string_view text);

// What a program says to people. Answers go to standard output and everything else here, to
// standard error, as `<program>: error: ...`. Text of strangers is printed without control
// characters.
class Console {
 public:
  struct Style {
    bool quiet = false;  // no warnings, no notes
    // Errors as one {"schema": "keystone.error/1"} object and nothing beside it: warnings and notes
    // are in the answer, which is JSON too.
    bool json_errors = false;
  };

  Console(std::string program, Style style) : program_(std::move(program)), style_(style) {}

  void error(const Error& error) const;
  void warnings(const std::vector<std::string>& texts) const { say("warning", texts); }
  void notes(const std::vector<std::string>& texts) const { say("note", texts); }

 private:
  void say(std::string_view kind, const std::vector<std::string>& texts) const;

  std::string program_;
  Style style_;
};

// Writes the answer: to standard output if `path` is empty or `-`, else to that file as a whole or
// not at all. Fails with `unwritable`.
[[nodiscard]] Status write_answer(const std::string& path, std::string_view answer);

}  // namespace keystone::cli
