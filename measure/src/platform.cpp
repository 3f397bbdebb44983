// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/platform.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/suggest.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace keystone {
namespace {

// 0x1ff000 since keystone 7389db5 (v0.2, 2019-01-23); it was 0x2ff000 in v0.1.
constexpr std::uint64_t kSmSize = 0x1ff000;
constexpr std::uint64_t kGenericBase = 0x80000000;      // DRAM_BASE of QEMU's virt machine
constexpr std::uint64_t kVisionFive2Base = 0x40000000;  // DRAM of the StarFive JH7110
constexpr auto kUnknown = std::nullopt;

constexpr std::array kPlatforms = {
    PlatformInfo{"generic", "QEMU virt, FireSim, HiFive Unleashed of the v0.x era",
                 "keystone bootrom since 7389db5 (2019-01-23)", true, kGenericBase, kSmSize, 0},
    PlatformInfo{"visionfive2", "StarFive VisionFive 2; measured by U-Boot SPL",
                 "vector-keystone; memory behind the image holds what DRAM held", true,
                 kVisionFive2Base, kSmSize, 0},
    PlatformInfo{"unmatched", "HiFive Unmatched; measured by U-Boot SPL",
                 "base and size are settings of the board's build", true, kUnknown, kUnknown, 0},
    PlatformInfo{"miralis", "Miralis firmware with the Keystone policy module",
                 "size is a setting of the build; answers NotImplemented to attest", true,
                 kGenericBase, kUnknown, 0},
    PlatformInfo{"cva6", "CVA6 (Ariane)", "no root of trust: the SM part of a report is zero",
                 false, kUnknown, kUnknown, 0},
    PlatformInfo{"mpfs", "Microchip PolarFire SoC",
                 "no root of trust: every hash, key and signature is zero", false, kUnknown,
                 kUnknown, 0},
};

// The value for one setting: the platform's, or the user's where the platform has none. Saying
// again what the platform fixes does no harm.
Result<std::uint64_t> settle(std::string_view setting, const PlatformInfo& platform,
                             std::optional<std::uint64_t> known,
                             std::optional<std::uint64_t> given) {
  if (known && given && *known != *given) {
    return fail(ErrorCode::usage,
                std::string(setting) + ": platform " + std::string(platform.name) +
                    " has it fixed at " + to_hex_number(*known),
                "give base and size without a platform");
  }
  if (!known && !given) {
    return fail(ErrorCode::usage,
                std::string(setting) + ": missing, and platform " + std::string(platform.name) +
                    " has no known value",
                "it is a setting of the build that made the firmware");
  }
  return known ? *known : *given;
}

Status check_window(const SmWindow& window) {
  if (window.size == 0 || window.size > kMaxSmWindow) {
    return fail(ErrorCode::usage, "size: got " + to_hex_number(window.size) + ", want 0x1 to " +
                                      to_hex_number(kMaxSmWindow));
  }
  if (!checked_add(window.base, window.size - 1)) {
    return fail(ErrorCode::usage,
                "base: got " + to_hex_number(window.base) + ", from which the window wraps around");
  }
  return {};
}

}  // namespace

std::span<const PlatformInfo> platforms() {
  return kPlatforms;
}

Result<const PlatformInfo*> platform_from_name(std::string_view name) {
  std::array<std::string_view, kPlatforms.size()> names;
  std::transform(kPlatforms.begin(), kPlatforms.end(), names.begin(),
                 [](const PlatformInfo& row) { return row.name; });
  KEYSTONE_TRY(const auto index, index_of_name("platform", name, names));
  return &kPlatforms[index];
}

Result<SmWindow> resolve_window(const SmWindowRequest& request) {
  SmWindow window{0, 0, request.fill.value_or(0)};
  if (!request.platform && (request.base || request.size)) {
    if (!request.base || !request.size) {
      return fail(ErrorCode::usage, request.base ? "size: missing" : "base: missing",
                  "give both base and size, or a platform");
    }
    window.base = *request.base;
    window.size = *request.size;
  } else {
    KEYSTONE_TRY(const auto* const platform,
                 platform_from_name(request.platform.value_or(kPlatforms.front().name)));
    if (!platform->has_root_of_trust) {
      return fail(ErrorCode::usage,
                  "platform " + std::string(platform->name) +
                      " has no root of trust: its reports carry zeros instead of a hash",
                  "nothing can be expected of its Security Monitor");
    }
    KEYSTONE_TRY(window.base, settle("base", *platform, platform->base, request.base));
    KEYSTONE_TRY(window.size, settle("size", *platform, platform->size, request.size));
    window.fill = request.fill.value_or(platform->fill);
  }
  KEYSTONE_CHECK_OK(check_window(window));
  return window;
}

}  // namespace keystone
