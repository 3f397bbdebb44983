// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_device.hpp"

#include "common/command_line.hpp"
#include "keystone-attest/emulate_key_file.hpp"
#include "keystone/measure/sm.hpp"

namespace keystone::cli::attest {
namespace {

// What a boot ROM measures, or why there is nothing to measure.
Status check_measured(const DeviceRequest& request) {
  if (request.sm_hash) {
    if (request.platform || request.firmware || request.base || request.size || request.fill) {
      return usage("sm_hash: stands for a firmware on the generic platform, which is given, too");
    }
    return {};
  }
  std::optional<std::string_view> platform;
  if (request.platform) {
    platform = *request.platform;
  }
  KEYSTONE_CHECK_OK(resolve_window({platform, request.base, request.size, request.fill}));
  if (!request.firmware) {
    return usage("firmware: missing: the platform measures it");
  }
  return {};
}

// What the file's own errors say already, its path, the others lack.
Error about_firmware(const Error& error, const std::string& path) {
  if (error.code == ErrorCode::usage) {
    return error;
  }
  return error.within(error.code == ErrorCode::unreadable ? "firmware" : "firmware: " + path);
}

std::vector<std::string> about_firmware(std::vector<std::string> texts) {
  for (std::string& text : texts) {
    text = "firmware: " + text;
  }
  return texts;
}

}  // namespace

Status check_device(const DeviceRequest& request) {
  if (request.key == "-") {
    return usage("device key: got standard input, want a file");
  }
  if (request.platform) {
    KEYSTONE_TRY(const auto* const platform, platform_from_name(*request.platform));
    if (!platform->has_root_of_trust) {
      if (request.firmware || request.sm_hash || request.boot_rom || request.base || request.size ||
          request.fill) {
        return usage("platform " + std::string(platform->name) +
                     " has no root of trust: it measures nothing, and takes no firmware, boot ROM "
                     "or window");
      }
      return {};
    }
  }
  return check_measured(request);
}

Result<SourceFile> SourceFile::open(std::string_view role, const std::string& path,
                                    bool regular_only) {
  auto file = InputFile::open(path, {.regular_only = regular_only});
  if (!file) {
    return fail(file.error().within(role));
  }
  return SourceFile(role, *std::move(file));
}

Status SourceFile::finish() {
  const auto finished = file_->finish();
  return finished ? Status() : Status(fail(finished.error().within(role_)));
}

Result<DeviceKey> device_key(const DeviceRequest& request, const Console& console) {
  if (request.key.value_or(std::string(kTestKey)) != kTestKey) {
    return read_key_file(*request.key);
  }
  console.warnings(
      {"device key: the published test key, which everybody has: a verifier rejects "
       "what it signs"});
  return DeviceKey::published_test_key();
}

Result<Device> boot_device(const DeviceRequest& request, const Console& console) {
  KEYSTONE_CHECK_OK(check_device(request));
  Device::Options options;
  if (request.platform) {
    options.window.platform = *request.platform;
  }
  options.window.base = request.base;
  options.window.size = request.size;
  options.window.fill = request.fill;
  options.boot_rom = request.boot_rom;
  KEYSTONE_TRY(const auto key, device_key(request, console));
  if (!request.firmware) {
    return Device::boot(options, key, nullptr);
  }
  KEYSTONE_TRY(auto firmware, SourceFile::open("firmware", *request.firmware));
  auto device = Device::boot(options, key, &firmware);
  if (!device) {
    return fail(about_firmware(device.error(), *request.firmware));
  }
  KEYSTONE_CHECK_OK(firmware.finish());
  console.warnings(about_firmware(device->warnings()));
  console.notes(about_firmware(device->notes()));
  return device;
}

Result<SecurityMonitor> start_monitor(const DeviceRequest& request, Profile profile,
                                      PhysicalMemory& memory, const Console& console) {
  if (!request.sm_hash) {
    KEYSTONE_TRY(auto device, boot_device(request, console));
    return std::move(device).start(memory, profile);
  }
  KEYSTONE_CHECK_OK(check_device(request));
  KEYSTONE_TRY(const auto key, device_key(request, console));
  KEYSTONE_TRY(auto booted,
               boot(key, *request.sm_hash, request.boot_rom.value_or(BootRom::upstream)));
  return SecurityMonitor(std::move(booted), memory, monitor_options(profile));
}

}  // namespace keystone::cli::attest
