// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Points in time. No library here asks a clock: the caller says when now is.
namespace keystone {

// Whole seconds of Unix time.
using Instant = std::chrono::sys_seconds;

// A time as our files and options have it: RFC 3339 in UTC without fractions, such as
// 2026-11-22T20:46:21Z, of the years 1970 to 9999. `malformed`, naming `field`, for anything else.
[[nodiscard]] Result<Instant> parse_instant(std::string_view field, std::string_view text);

// The same spelling; of other years, `@` and the seconds of Unix time.
[[nodiscard]] std::string to_string(Instant instant);

// From when to when something holds; an end that is absent is open.
struct Validity {
  std::optional<Instant> not_before;  // the first second
  std::optional<Instant> not_after;   // the last second
};

}  // namespace keystone
