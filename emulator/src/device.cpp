// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/device.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "keystone/measure/sm.hpp"

#include <algorithm>

namespace keystone {
namespace {

// What the monitor keeps for itself, on every platform (SMM_SIZE of sm/src/sm.h, keystone 88c49ee).
constexpr std::uint64_t kSmSize = 0x200000;
// Where CVA6 and PolarFire SoC have their memory, and the monitor in it (SMM_BASE, likewise).
constexpr std::uint64_t kSmBase = 0x80000000;

bool measures(BootRom boot_rom) {
  return boot_rom == BootRom::upstream || boot_rom == BootRom::sound;
}

// Microchip's port computes nothing (sm/plat/mpfs of keystone 88c49ee); that of CVA6 has no boot
// ROM that would give it a key.
BootRom boot_rom_without_trust(const PlatformInfo& platform) {
  return platform.name == "mpfs" ? BootRom::none_all_zero : BootRom::none;
}

// Miralis answers NotImplemented to attest and sealing key.
bool attests(const PlatformInfo& platform) {
  return platform.name != "miralis";
}

Result<const PlatformInfo*> platform_of(const SmWindowRequest& window) {
  if (!window.platform) {
    return &platforms().front();
  }
  return platform_from_name(*window.platform);
}

Status check_nothing_measured(const Device::Options& options, const PlatformInfo& platform) {
  const bool has_window = options.window.base || options.window.size || options.window.fill;
  if (has_window || options.boot_rom) {
    return fail(ErrorCode::usage, std::string(has_window ? "window" : "boot ROM") + ": platform " +
                                      std::string(platform.name) +
                                      " has no root of trust: it measures nothing");
  }
  return {};
}

}  // namespace

SecurityMonitor::Options monitor_options(Profile profile) {
  SecurityMonitor::Options options;
  options.word = info(profile).word;
  options.scheme = info(profile).scheme;
  if (options.scheme == Scheme::page_walk) {
    options.checks = walk_options(profile).checks;
  }
  return options;
}

Result<Device> Device::boot_measured(const Options& options, const DeviceKey& key,
                                     const ByteSource* firmware) {
  const BootRom boot_rom = options.boot_rom.value_or(BootRom::upstream);
  if (!measures(boot_rom)) {
    return fail(ErrorCode::usage, "boot ROM: this platform has one that measures",
                "the platforms cva6 and mpfs have none");
  }
  KEYSTONE_TRY(const auto window, resolve_window(options.window));
  if (firmware == nullptr) {
    return fail(ErrorCode::usage, "firmware: missing: the platform measures it");
  }
  KEYSTONE_TRY(const auto image, lay_out_sm(*firmware, window));
  KEYSTONE_TRY(const auto sm_hash, measure_sm(image));
  KEYSTONE_TRY(auto booted, keystone::boot(key, sm_hash, boot_rom));
  // All that is measured is the monitor's, and it does not end above the last address.
  const std::uint64_t wanted =
      std::max(kSmSize, checked_round_up(window.size, kPageSize).value_or(window.size));
  Device device(std::move(booted), window.base, std::min(wanted, UINT64_MAX - window.base), true);
  device.warnings_ = image.warnings;
  device.notes_ = image.notes;
  return device;
}

Result<Device> Device::boot(const Options& options, const DeviceKey& key,
                            const ByteSource* firmware) {
  KEYSTONE_TRY(const auto* const platform, platform_of(options.window));
  if (platform->has_root_of_trust) {
    KEYSTONE_TRY(auto device, boot_measured(options, key, firmware));
    device.attests_ = attests(*platform);
    return device;
  }
  KEYSTONE_CHECK_OK(check_nothing_measured(options, *platform));
  constexpr std::array<std::uint8_t, SmHash::kSize> kNothing{};
  KEYSTONE_TRY(auto booted,
               keystone::boot(key, SmHash(kNothing), boot_rom_without_trust(*platform)));
  return Device(std::move(booted), kSmBase, kSmSize, attests(*platform));
}

SecurityMonitor::Options Device::monitor_options(Profile profile) const {
  SecurityMonitor::Options options = keystone::monitor_options(profile);
  options.attests = attests_;
  options.own_base = sm_base_;
  options.own_size = sm_size_;
  return options;
}

SecurityMonitor Device::start(PhysicalMemory& memory, Profile profile) && {
  const SecurityMonitor::Options options = monitor_options(profile);
  return {std::move(booted_), memory, options};
}

}  // namespace keystone
