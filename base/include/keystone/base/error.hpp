// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keystone {

// What a caller can branch on. A negative answer ("the hash differs") is not an error and has its
// own type; a bug in this code aborts. Programs map codes to exit codes as given here.
enum class ErrorCode : std::uint8_t {
  usage,           // the caller asked for something that does not exist or contradicts itself (2)
  malformed,       // input was read and is not what its format says (3)
  unreadable,      // input is missing, not permitted, or changed while it was read (3)
  limit_exceeded,  // input is larger or deeper than a documented bound (3)
  unwritable,      // output could not be written; nothing of it remains (4)
  internal,        // a library that must work did not, for instance out of memory (4)
  unreachable,     // a peer cannot be reached (5)
};

// The code's word in JSON: its enumerator.
[[nodiscard]] std::string_view to_string(ErrorCode code);

// Why a job could not be done.
struct Error {
  ErrorCode code;
  std::string message;  // `<field>: got <x>, want <y>`: lower case, no full stop, one line
  std::string hint;     // what to try, one line; may be empty

  Error(ErrorCode error_code, std::string what, std::string what_to_try = {})
      : code(error_code), message(std::move(what)), hint(std::move(what_to_try)) {}

  // The same error seen from further out: `context` and a colon go before the message.
  [[nodiscard]] Error within(std::string_view context) const;
};

}  // namespace keystone
