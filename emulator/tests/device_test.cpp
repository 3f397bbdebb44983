// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/device.hpp"

#include "keystone/measure/sm.hpp"
#include "support.hpp"

#include <algorithm>

namespace keystone {
namespace {

using namespace keystone::testing;

// The bundled firmware, a flat image.
class DeviceBoot : public ::testing::Test {
 protected:
  [[nodiscard]] Result<Device> boot(const Device::Options& options) const {
    return Device::boot(options, device_key(), &source_);
  }
  [[nodiscard]] Result<Device> boot_on(std::string_view platform) const {
    Device::Options options;
    options.window.platform = platform;
    return boot(options);
  }
  [[nodiscard]] Result<Device> boot_by(BootRom boot_rom) const {
    Device::Options options;
    options.boot_rom = boot_rom;
    return boot(options);
  }

  const Bytes firmware_ = read_vector_file("bundled/rv64/firmware.bin");
  const ArraySource source_{firmware_};
};

TEST_F(DeviceBoot, MeasuresTheFirmwareInThePlatformsWindow) {
  Bytes window(0x1ff000);
  std::copy(firmware_.begin(), firmware_.end(), window.begin());
  const std::string want = second_sha3_512(window);
  for (const std::string_view platform : {"generic", "visionfive2"}) {
    const auto device = boot_on(platform);
    ASSERT_TRUE(device.has_value());
    EXPECT_EQ(device->identity().sm_hash.hex(), want);
  }
  EXPECT_EQ(boot({})->identity().sm_hash.hex(), want);
}

TEST_F(DeviceBoot, BootsAsTheBootRomThatIsAskedFor) {
  const SmHash hash = boot({})->identity().sm_hash;
  for (const BootRom boot_rom : {BootRom::upstream, BootRom::sound}) {
    const auto device = boot_by(boot_rom);
    ASSERT_TRUE(device.has_value());
    EXPECT_EQ(device->boot_rom(), boot_rom);
    const SmIdentity want = keystone::boot(device_key(), hash, boot_rom)->identity;
    EXPECT_EQ(device->identity().sm_public_key, want.sm_public_key);
    EXPECT_EQ(device->identity().sm_signature, want.sm_signature);
    EXPECT_EQ(device->identity().device_key, want.device_key);
  }
  EXPECT_EQ(boot({})->boot_rom(), BootRom::upstream);
}

TEST_F(DeviceBoot, TakesAWindowWhereThePlatformHasNone) {
  EXPECT_TRUE(fails_with(boot_on("unmatched"), ErrorCode::usage, "base"));
  EXPECT_TRUE(fails_with(boot_on("miralis"), ErrorCode::usage, "size"));
  Device::Options options;
  options.window = {"unmatched", 0x80000000, 0x1000, {}};
  EXPECT_TRUE(boot(options).has_value());
  options.window = {{}, 0x70000000, 0x2000, 0xff};
  const auto device = boot(options);
  ASSERT_TRUE(device.has_value());
  Bytes window(0x2000, 0xff);
  std::copy(firmware_.begin(), firmware_.end(), window.begin());
  EXPECT_EQ(device->identity().sm_hash.hex(), second_sha3_512(window));
}

TEST_F(DeviceBoot, RefusesWhatContradictsThePlatform) {
  EXPECT_TRUE(fails_with(boot_on("generik"), ErrorCode::usage, "generik"));
  Device::Options options;
  options.window.platform = "generic";
  options.window.base = 0x40000000;
  EXPECT_TRUE(fails_with(boot(options), ErrorCode::usage, "base"));
  EXPECT_TRUE(fails_with(boot_by(BootRom::none), ErrorCode::usage, "boot ROM"));
  EXPECT_TRUE(fails_with(boot_by(BootRom::none_all_zero), ErrorCode::usage, "boot ROM"));
  for (const std::string_view platform : {"cva6", "mpfs"}) {
    for (const BootRom boot_rom : {BootRom::upstream, BootRom::none, BootRom::none_all_zero}) {
      options = {};
      options.window.platform = platform;
      options.boot_rom = boot_rom;
      EXPECT_TRUE(fails_with(boot(options), ErrorCode::usage, "boot ROM"));
    }
    options = {};
    options.window = {platform, 0x80000000, {}, {}};
    EXPECT_TRUE(fails_with(boot(options), ErrorCode::usage, "window"));
    options.window = {platform, {}, 0x1000, {}};
    EXPECT_TRUE(fails_with(boot(options), ErrorCode::usage, "window"));
    options.window = {platform, {}, {}, 0};
    EXPECT_TRUE(fails_with(boot(options), ErrorCode::usage, "window"));
  }
}

TEST_F(DeviceBoot, RefusesAFirmwareThatIsNone) {
  const ArraySource empty{ByteView()};
  const Bytes zeros(100);
  const ArraySource zero{zeros};
  EXPECT_TRUE(fails_with(Device::boot({}, device_key(), &empty), ErrorCode::malformed, "empty"));
  EXPECT_TRUE(fails_with(Device::boot({}, device_key(), &zero), ErrorCode::malformed, "zero"));
  EXPECT_TRUE(fails_with(Device::boot({}, device_key(), nullptr), ErrorCode::usage, "firmware"));
}

TEST_F(DeviceBoot, ReadsNoFirmwareWhereNothingIsMeasured) {
  for (const auto& [platform, boot_rom] :
       {std::pair("cva6", BootRom::none), std::pair("mpfs", BootRom::none_all_zero)}) {
    Device::Options options;
    options.window.platform = platform;
    const auto device = Device::boot(options, device_key(), nullptr);
    ASSERT_TRUE(device.has_value());
    EXPECT_EQ(device->boot_rom(), boot_rom);
    EXPECT_EQ(device->identity().sm_hash.hex(), std::string(128, '0'));
    EXPECT_EQ(device->identity().sm_public_key.hex(), std::string(64, '0'));
    EXPECT_EQ(device->identity().sm_signature.hex(), std::string(128, '0'));
  }
}

TEST_F(DeviceBoot, SaysWhatWasCutOrFilled) {
  const auto device = boot({});
  ASSERT_EQ(device->notes().size(), 1U);
  EXPECT_NE(device->notes()[0].find("0x00"), std::string::npos) << device->notes()[0];
  EXPECT_TRUE(device->warnings().empty());
  const Bytes eapp = read_vector_file("bundled/rv64/eapp.elf");
  const ArraySource not_firmware{eapp};
  Device::Options options;
  options.window = {{}, 0x10000, 0x10000, {}};
  const auto odd = Device::boot(options, device_key(), &not_firmware);
  ASSERT_TRUE(odd.has_value()) << odd.error().message;
}

TEST_F(DeviceBoot, ItsMonitorIsOfTheGenerationOfTheProfile) {
  const auto device = boot({});
  for (const ProfileInfo& row : profiles()) {
    const auto options = device->monitor_options(row.profile);
    EXPECT_EQ(options.word, row.word) << row.name;
    EXPECT_EQ(options.scheme, row.scheme) << row.name;
    const bool is_old =
        row.profile == Profile::pagewalk_v0_1 || row.profile == Profile::pagewalk_v0_2;
    EXPECT_EQ(options.checks == WalkChecks::skip_foreign, is_old) << row.name;
    EXPECT_TRUE(options.attests);
  }
}

TEST_F(DeviceBoot, ItsMonitorLiesWhereItWasMeasured) {
  const auto own = [](const Result<Device>& device) {
    const auto options = device->monitor_options(kDefaultProfile);
    return std::pair(options.own_base, options.own_size);
  };
  using Region = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(own(boot_on("generic")), Region(0x80000000, 0x200000));
  EXPECT_EQ(own(boot_on("visionfive2")), Region(0x40000000, 0x200000));
  EXPECT_EQ(own(boot_on("mpfs")), Region(0x80000000, 0x200000));
  Device::Options options;
  options.window = {{}, 0x70000000, 0x300001, {}};
  EXPECT_EQ(own(boot(options)), Region(0x70000000, 0x301000));
  options.window = {{}, UINT64_MAX - 0xfff, 0x1000, {}};
  EXPECT_EQ(own(boot(options)), Region(UINT64_MAX - 0xfff, 0xfff));
}

TEST_F(DeviceBoot, MiralisDoesNotAttest) {
  Device::Options options;
  options.window = {"miralis", {}, 0x100000, {}};
  auto device = boot(options);
  ASSERT_TRUE(device.has_value());
  PhysicalMemory memory;
  ASSERT_TRUE(memory.add(kRamBase, kRamSize));
  SecurityMonitor monitor = std::move(*device).start(memory, kDefaultProfile);
  create_enclave(monitor);
  EXPECT_EQ(monitor.attest(0, {})->code, SmCode::not_implemented);
}

TEST_F(DeviceBoot, ItsMonitorReportsItsIdentity) {
  auto device = boot_by(BootRom::sound);
  const SmIdentity identity = device->identity();
  PhysicalMemory memory;
  ASSERT_TRUE(memory.add(kRamBase, kRamSize));
  SecurityMonitor monitor = std::move(*device).start(memory, Profile::keystone_loader_rv32);
  EXPECT_EQ(monitor.identity().sm_public_key, identity.sm_public_key);
  create_enclave(monitor);
  const Report report = monitor.attest(0, Bytes{1}).value().report.value();
  EXPECT_EQ(report.sm_hash(), identity.sm_hash);
  EXPECT_EQ(report.sm_public_key(), identity.sm_public_key);
  EXPECT_EQ(report.claimed_device_key(), device_key().public_key());
}

}  // namespace
}  // namespace keystone
