// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace keystone::cli {

// `text` without what could move a cursor, start an escape sequence, begin a line, hide or turn
// around what stands beside it: what strangers wrote, such as the name of a file, goes through this
// before it is shown.
[[nodiscard]] std::string one_line(std::string_view text);

// What a program says to people. Answers go to standard output and everything else here, to
// standard error, as `<program>: error: ...`. Text of strangers is printed without control
// characters.
class Console {
 public:
  struct Style {
    bool quiet = false;        // no warnings, notes or hints to an answer
    bool json_errors = false;  // errors as one {"schema": "keystone.error/1"} object
  };

  Console(std::string program, Style style) : program_(std::move(program)), style_(style) {}

  void error(const Error& error) const;
  void warnings(const std::vector<std::string>& texts) const { say("warning", texts); }
  void notes(const std::vector<std::string>& texts) const { say("note", texts); }
  void hints(const std::vector<std::string>& texts) const { say("hint", texts); }

 private:
  void say(std::string_view kind, const std::vector<std::string>& texts) const;

  std::string program_;
  Style style_;
};

}  // namespace keystone::cli
