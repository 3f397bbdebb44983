// SPDX-License-Identifier: Apache-2.0
// One report, byte for byte.
#include "keystone/verifier/verifier.hpp"
#include "programs.hpp"

#include <algorithm>

namespace keystone {
namespace {

using namespace keystone::testing;

// Computed by the Python program in docs/emulator.md, which shares nothing with this code.
constexpr std::string_view kEvidence =
    "90a1eb4cce1b42e4e31da3722ee02943e44932ae5567216043792dbb08849e1c"
    "34f431b6fc7b63de4f1570bed7d4d9f80a24933d361add6e5c83296bac3dfb5f"
    "080000000000000061206e6f6e63652e"
    "762f27240167af409ed8c69818283ceb717dd7530880a31c4b8bab116c294d7e"
    "b8242609a6be974ad78bc8ea82efe03c6565e305fc78cf4f3da12d22b6656604"
    "2a7de1ca1ac0ee04df16a00fb6f884a14ab54ec66ef6b0f3459f23cbc2330ed4"
    "714655afb0dc12a789281c3bda802b41e5e776a0a77989c0a97f31b72467ecc2"
    "244f07ade9b7b03e6ff41168d6f00624efdbbc09a5eabbfabe67fdb10c6f8f97"
    "3ba31d0bfadff971ed8a6d0d48ad21361bf74bf82ec186d433b3ed5749afb8aa"
    "4512315d3314193aaa9fd24ecf3c24b5ab9729745f4d71e0b432d83d7b6d2e06"
    "5c3a104e9c7f3530fddad68c27472a3f15c40437be05847cf8efc7916df0e953";

Attestation sample() {
  Attestation attestation{programs().front()};
  const std::string_view nonce = "a nonce.";
  attestation.data.assign(nonce.begin(), nonce.end());
  return attestation;
}

TEST(Evidence, IsTheSameEverywhereAndAlways) {
  EXPECT_EQ(hex::encode(attest(sample()).report.encode_compact()), kEvidence);
  EXPECT_EQ(hex::encode(attest(sample()).report.encode_compact()), kEvidence);
}

// What a verifier says who expects the sample.
class Changed : public ::testing::Test {
 protected:
  Changed() {
    policy_.devices.push_back({"device", sample_.identity.device_key, {}, {}});
    policy_.security_monitors.push_back({"firmware", {}, sample_.identity.sm_hash, {}, {}});
    policy_.enclaves.push_back({"enclave", {}, sample_.expected_hash, {}, {}});
    EXPECT_TRUE(policy_.waivers.add(Check::freshness, "this test has no time"));
  }

  // The checks that fail for a fixed report of these bytes; none if it is accepted.
  [[nodiscard]] std::vector<Check> failed(ByteView bytes) const {
    const auto report = Report::parse(bytes);
    if (!report) {
      return {kAllChecks.begin(), kAllChecks.end()};
    }
    const Verdict verdict = Verifier(policy_).verify(
        {*report}, Challenge::exact_data(attestation_.data).value(), Instant());
    EXPECT_EQ(verdict.accepted(), verdict.with(CheckResult::failed).empty());
    return verdict.with(CheckResult::failed);
  }

  const Attestation attestation_ = sample();
  const Attested sample_ = attest(attestation_);
  const Bytes bytes_ = sample_.report.encode_fixed();
  Policy policy_;
};

TEST_F(Changed, AnyByteThatCountsIsRejected) {
  EXPECT_TRUE(failed(bytes_).empty());
  const std::size_t tail_begin = ReportLayout::kData + attestation_.data.size();
  const std::size_t tail_end = ReportLayout::kData + ReportLayout::kMaxData;
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    Bytes changed = bytes_;
    changed[at] ^= static_cast<std::uint8_t>(1U << at % 8);
    EXPECT_EQ(failed(changed).empty(), at >= tail_begin && at < tail_end) << at;
  }
}

TEST_F(Changed, ADirtyTailIsAccepted) {
  const auto dirty = with_dirty_tail(sample_.report, 1);
  ASSERT_TRUE(dirty && dirty->has_dirty_tail());
  EXPECT_TRUE(failed(dirty->received()).empty());
}

// Another device's report under the name of the one that is registered.
TEST_F(Changed, AReportOfAnotherDeviceUnderThisOnesNameIsRejected) {
  Attestation other = attestation_;
  other.device = 8;
  Bytes forged = attest(other).report.encode_fixed();
  std::copy(bytes_.end() - 32, bytes_.end(), forged.end() - 32);
  EXPECT_EQ(failed(forged), std::vector{Check::sm_signature});
}

// A monitor part that is genuine, and the part of an enclave that another monitor signed.
TEST_F(Changed, AnEnclavePartOfAnotherMonitorIsRejected) {
  Attestation other = attestation_;
  other.firmware.back() ^= 1U;
  Bytes mixed = attest(other).report.encode_fixed();
  std::copy(bytes_.end() - 192, bytes_.end(), mixed.end() - 192);
  EXPECT_EQ(failed(mixed), std::vector{Check::enclave_signature});
}

TEST(PublishedKey, IsRejectedAsSuch) {
  const Bytes firmware = read_vector_file("bundled/rv64/firmware.bin");
  const ArraySource source(firmware);
  Device::Options options;
  options.boot_rom = BootRom::sound;
  PhysicalMemory memory;
  ASSERT_TRUE(memory.add(kRamBase, kRamSize));
  SecurityMonitor monitor = Device::boot(options, DeviceKey::published_test_key(), &source)
                                .value()
                                .start(memory, kDefaultProfile);
  create_enclave(monitor);
  const Bytes data = noise(8, 1);
  const Report report = monitor.attest(0, data).value().report.value();
  Policy policy;
  policy.devices.push_back({"device", monitor.identity().device_key, {}, {}});
  policy.security_monitors.push_back({"firmware", {}, report.sm_hash(), {}, {}});
  policy.enclaves.push_back({"enclave", {}, report.enclave_hash(), {}, {}});
  ASSERT_TRUE(policy.waivers.add(Check::freshness, "this test has no time"));
  const Verdict verdict =
      Verifier(policy).verify({report}, Challenge::exact_data(data).value(), Instant());
  EXPECT_EQ(verdict.with(CheckResult::failed), std::vector{Check::test_device_key});
}

}  // namespace
}  // namespace keystone
