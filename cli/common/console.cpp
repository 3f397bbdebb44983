// SPDX-License-Identifier: Apache-2.0
#include "common/console.hpp"

#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "common/shown_text.hpp"
#include "keystone/base/assert.hpp"

#include <cstdio>

namespace keystone::cli {
namespace {

// For programs, which have no use for the hint: it is a sentence to a person.
std::string to_json(const Error& error) {
  return json_text(
      {{"schema", "keystone.error/1"}, {"code", to_string(error.code)}, {"message", error.message}},
      -1);
}

void print_error_line(const std::string& line) {
  // There is nowhere left to report a failure of standard error to.
  (void)std::fputs(line.c_str(), stderr);
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t unshown = unshown_size(text);
    const std::size_t size = unshown == 0 ? utf8_size(text) : unshown;
    out += unshown == 0 ? std::string(text.substr(0, size)) : std::string(unshown, '?');
    text.remove_prefix(size);
  }
  return out;
}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return kExitUsage;
    case ErrorCode::malformed:
    case ErrorCode::unreadable:
    case ErrorCode::limit_exceeded:
      return kExitInput;
    case ErrorCode::unwritable:
    case ErrorCode::internal:
      return kExitInternal;
    case ErrorCode::unreachable:
      return kExitUnreachable;
  }
  KEYSTONE_ASSERT(false);
}

void Console::error(const Error& error) const {
  if (style_.json_errors) {
    print_error_line(to_json(error));
    return;
  }
  print_error_line(program_ + ": error: " + one_line(error.message) + "\n");
  if (!error.hint.empty()) {
    print_error_line(program_ + ": hint: " + one_line(error.hint) + "\n");
  }
}

void Console::say(std::string_view kind, const std::vector<std::string>& texts) const {
  if (style_.quiet) {
    return;
  }
  for (const std::string& text : texts) {
    print_error_line(program_ + ": " + std::string(kind) + ": " + one_line(text) + "\n");
  }
}

}  // namespace keystone::cli
