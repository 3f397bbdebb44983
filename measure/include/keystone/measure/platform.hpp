// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace keystone {

// The part of physical memory that a boot ROM measures before it starts the firmware in it.
struct SmWindow {
  std::uint64_t base;  // where the firmware is loaded
  std::uint64_t size;  // in bytes
  std::uint8_t fill;   // what the memory holds where the image has no byte
};

// The largest window that can be measured, in bytes: a bound on the work of one measurement, far
// above any board's.
inline constexpr std::uint64_t kMaxSmWindow = std::uint64_t{4} << 30U;

// A row of the platform table.
struct PlatformInfo {
  std::string_view name;
  std::string_view description;
  std::string_view upstream;          // where the values come from
  bool has_root_of_trust;             // false: its reports carry zeros instead of a hash
  std::optional<std::uint64_t> base;  // absent: a setting of the board, for the user to give
  std::optional<std::uint64_t> size;  // likewise
  std::uint8_t fill;
};

// All platforms, the default (`generic`) first.
[[nodiscard]] std::span<const PlatformInfo> platforms();

// The platform of that name, or `usage` with the near names as a hint.
[[nodiscard]] Result<const PlatformInfo*> platform_from_name(std::string_view name);

// What a user says about the window. Nothing said means the platform `generic`.
struct SmWindowRequest {
  std::optional<std::string_view> platform;
  std::optional<std::uint64_t> base;
  std::optional<std::uint64_t> size;
  std::optional<std::uint8_t> fill;
};

// The window that the request describes. `usage` for an unknown platform, one without a root of
// trust or one that lacks a value that is not given; for a value given that is not the one the
// platform fixes; for a window that is empty, above kMaxSmWindow, or wraps around.
[[nodiscard]] Result<SmWindow> resolve_window(const SmWindowRequest& request);

}  // namespace keystone
