// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/boot.hpp"
#include "keystone/emulator/security_monitor.hpp"
#include "keystone/measure/byte_source.hpp"
#include "keystone/measure/platform.hpp"
#include "keystone/measure/profile.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keystone {

// The options of a monitor of the generation that `profile` is of, at its usual place.
[[nodiscard]] SecurityMonitor::Options monitor_options(Profile profile);

// An emulated machine whose boot ROM has run: a platform, the device key in it, and a firmware that
// was measured.
//   platform, key, firmware --Device::boot()--> Device --start()--> SecurityMonitor
class Device {
 public:
  struct Options {
    // The platform (none given: `generic`), and base, size and fill where it leaves them open.
    SmWindowRequest window;
    // upstream or sound. Absent: what the platform does, which is upstream where it measures.
    std::optional<BootRom> boot_rom;
  };

  // Measures the firmware as resolve_window(), lay_out_sm() and measure_sm() do, and boots it.
  // Platforms without a root of trust do neither: they take no window and no boot ROM, and
  // `firmware` is not read. Elsewhere it must not be null; it is not needed afterwards.
  //
  // `usage` for options that contradict the platform or lack what it needs, `malformed` for a
  // firmware that lay_out_sm() refuses, and the source's own Errors.
  [[nodiscard]] static Result<Device> boot(const Options& options, const DeviceKey& key,
                                           const ByteSource* firmware);

  [[nodiscard]] BootRom boot_rom() const { return booted_.boot_rom; }
  [[nodiscard]] const SmIdentity& identity() const { return booted_.identity; }

  // Of the measured firmware (SmImage): what looks like a mistake, and what was cut or filled.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  // The same, of a monitor on this device.
  [[nodiscard]] SecurityMonitor::Options monitor_options(Profile profile) const;

  // Its monitor, over `memory`, which must outlive it. The device is used up.
  [[nodiscard]] SecurityMonitor start(PhysicalMemory& memory, Profile profile) &&;

 private:
  Device(BootedSm booted, std::uint64_t sm_base, std::uint64_t sm_size, bool attests)
      : booted_(std::move(booted)), sm_base_(sm_base), sm_size_(sm_size), attests_(attests) {}

  [[nodiscard]] static Result<Device> boot_measured(const Options& options, const DeviceKey& key,
                                                    const ByteSource* firmware);

  BootedSm booted_;
  std::uint64_t sm_base_;  // where the monitor lies: no enclave may
  std::uint64_t sm_size_;
  bool attests_;
  std::vector<std::string> warnings_;
  std::vector<std::string> notes_;
};

}  // namespace keystone
