// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/console.hpp"
#include "common/input_file.hpp"
#include "keystone/emulator/device.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The emulated device that options or a script ask for.
namespace keystone::cli::attest {

// Where emulated machines have memory: from there on, that many bytes. It costs nothing before it
// is written.
inline constexpr std::uint64_t kMachineMemory = 0x80000000;
inline constexpr std::uint64_t kMachineMemorySize = std::uint64_t{16} << 30U;

// The word for the published key in place of a key file.
inline constexpr std::string_view kTestKey = "test-key";

struct DeviceRequest {
  std::optional<std::string> key;  // kTestKey, or the path of a key file; absent: kTestKey
  std::optional<std::string> platform;
  std::optional<std::string> firmware;  // a path; `-` is standard input
  std::optional<SmHash> sm_hash;  // of a firmware that is not at hand, on a board that has one
  std::optional<BootRom> boot_rom;
  std::optional<std::uint64_t> base;
  std::optional<std::uint64_t> size;
  std::optional<std::uint8_t> fill;
};

// `usage` unless the platform is known, a firmware is given where the platform measures one and
// nowhere else, and the rest does not contradict them. Opens nothing.
[[nodiscard]] Status check_device(const DeviceRequest& request);

// A file as what is measured. Messages name the role and the path. `regular_only`: no pipe and no
// device, which a script of a stranger may name.
class SourceFile final : public ByteSource {
 public:
  [[nodiscard]] static Result<SourceFile> open(std::string_view role, const std::string& path,
                                               bool regular_only = false);

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset, out);
  }

  // After the last use: `unreadable` if the file changed meanwhile.
  [[nodiscard]] Status finish();

 private:
  SourceFile(std::string_view role, std::unique_ptr<InputFile> file)
      : role_(role), file_(std::move(file)) {}

  std::string role_;
  std::unique_ptr<InputFile> file_;
};

// The key, with a warning for the published one.
[[nodiscard]] Result<DeviceKey> device_key(const DeviceRequest& request, const Console& console);

// The device, with a firmware from a file. What there is to say of key and firmware goes to the
// console. Fails as check_device(), read_key_file(), SourceFile::open() and Device::boot().
[[nodiscard]] Result<Device> boot_device(const DeviceRequest& request, const Console& console);

// Its monitor, of the generation that `profile` is of; with an SM hash in place of a firmware, too.
// `memory` must outlive it.
[[nodiscard]] Result<SecurityMonitor> start_monitor(const DeviceRequest& request, Profile profile,
                                                    PhysicalMemory& memory, const Console& console);

}  // namespace keystone::cli::attest
