// SPDX-License-Identifier: Apache-2.0
// From the files of an enclave to a verdict on its report.
//
// The profiles of v0.1 and v0.2 run on a monitor with other rules (WalkChecks::skip_foreign): it
// checks no boundaries, passes over entries that lead out of the enclave's memory, and does not
// clear the untrusted memory, which is zero here. Its report has the same form.
#include "keystone/verifier/verifier.hpp"
#include "programs.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace keystone {
namespace {

using namespace keystone::testing;
using std::chrono::seconds;

const Instant kNow = Instant(seconds(1'780'315'200));
const ChallengeTime kOpen = {kNow - seconds(60), kNow + seconds(240),
                             ChallengeTime::Standing::open};

// Expects that device, its firmware and that enclave.
Policy policy_for(const Attested& attested) {
  Policy policy;
  policy.devices.push_back({"device", attested.identity.device_key, {}, {}});
  policy.security_monitors.push_back({"firmware", {}, attested.identity.sm_hash, {}, {}});
  policy.enclaves.push_back({"enclave", {}, attested.expected_hash, {}, {}});
  return policy;
}

Verdict verdict_on(const Report& report, const Policy& policy, const Bytes& nonce,
                   const ChallengeTime& time = kOpen) {
  const Challenge challenge = Challenge::exact_nonce(Nonce::from(nonce).value());
  return Verifier(policy).verify({report}, challenge.at(time), kNow);
}

using Checks = std::vector<Check>;

// The verdict on what comes instead of what is expected.
Verdict verdict_on_other(const Attestation& expected, const Attestation& other) {
  return verdict_on(attest(other).report, policy_for(attest(expected)), expected.data);
}

// The name of a profile, for messages.
std::string name_of(const Program& program) {
  return std::string(info(program.profile).name);
}

class EndToEnd : public ::testing::TestWithParam<Program> {
 protected:
  const Attestation expected_{GetParam()};
};

TEST_P(EndToEnd, TheMonitorMeasuresWhatMeasureDoes) {
  const Attested attested = attest(expected_);
  EXPECT_EQ(attested.report.enclave_hash(), attested.expected_hash);
}

TEST_P(EndToEnd, ASoundDeviceIsAccepted) {
  const Attested attested = attest(expected_);
  const Verdict verdict = verdict_on(attested.report, policy_for(attested), expected_.data);
  EXPECT_TRUE(verdict.accepted()) << summary(verdict);
  EXPECT_EQ(verdict.with(CheckResult::passed).size(), kCheckCount);
}

TEST_P(EndToEnd, AnUpstreamDeviceIsRejectedForTheStrengthOfItsKeyAlone) {
  Attestation upstream = expected_;
  upstream.boot_rom = BootRom::upstream;
  const Verdict verdict = verdict_on_other(upstream, upstream);
  EXPECT_EQ(verdict.with(CheckResult::failed), Checks{Check::sm_key_strength});
  EXPECT_EQ(verdict.with(CheckResult::passed).size(), kCheckCount - 1);
}

TEST_P(EndToEnd, AnotherEnclaveIsRejected) {
  Attestation other = expected_;
  other.program.eapp = other.program.other_eapp;
  EXPECT_EQ(verdict_on_other(expected_, other).with(CheckResult::failed),
            Checks{Check::enclave_hash});
  other = expected_;
  other.program.runtime = other.program.other_runtime;
  EXPECT_EQ(verdict_on_other(expected_, other).with(CheckResult::failed),
            Checks{Check::enclave_hash});
}

TEST_P(EndToEnd, AnotherFirmwareIsRejected) {
  Attestation other = expected_;
  other.firmware.back() ^= 1U;
  EXPECT_EQ(verdict_on_other(expected_, other).with(CheckResult::failed), Checks{Check::sm_hash});
}

TEST_P(EndToEnd, AnotherDeviceIsRejected) {
  Attestation other = expected_;
  other.device = 8;
  const Verdict verdict = verdict_on_other(expected_, other);
  EXPECT_EQ(verdict.with(CheckResult::failed), Checks{Check::device_key});
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated), Checks{Check::sm_signature});
}

TEST_P(EndToEnd, AnotherNonceIsRejected) {
  Attestation other = expected_;
  other.data = noise(32, 10);
  EXPECT_EQ(verdict_on_other(expected_, other).with(CheckResult::failed),
            Checks{Check::report_data});
}

TEST_P(EndToEnd, AReportThatCameBeforeIsRejected) {
  const Attested attested = attest(expected_);
  ChallengeTime used = kOpen;
  used.standing = ChallengeTime::Standing::used_before;
  const Verdict verdict = verdict_on(attested.report, policy_for(attested), expected_.data, used);
  EXPECT_EQ(verdict.with(CheckResult::failed), Checks{Check::freshness});
}

TEST_P(EndToEnd, Cva6IsRejectedForItsRootOfTrust) {
  Attestation cva6 = expected_;
  cva6.platform = "cva6";
  cva6.boot_rom = {};
  const Verdict verdict = verdict_on_other(expected_, cva6);
  EXPECT_EQ(verdict.with(CheckResult::failed),
            (Checks{Check::root_of_trust, Check::sm_hash, Check::enclave_signature}));
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated),
            (Checks{Check::sm_signature, Check::sm_key_strength}));
}

TEST_P(EndToEnd, PolarFireIsRejectedForItsRootOfTrust) {
  Attestation mpfs = expected_;
  mpfs.platform = "mpfs";
  mpfs.boot_rom = {};
  const Verdict verdict = verdict_on_other(expected_, mpfs);
  EXPECT_EQ(verdict.with(CheckResult::failed),
            (Checks{Check::root_of_trust, Check::device_key, Check::sm_hash,
                    Check::enclave_signature, Check::enclave_hash}));
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated),
            (Checks{Check::sm_signature, Check::sm_key_strength}));
}

// Not even one who expects zeros.
TEST_P(EndToEnd, PlatformsWithoutTrustAreRejectedByThoseWhoExpectThem) {
  for (const char* const platform : {"cva6", "mpfs"}) {
    Attestation without = expected_;
    without.platform = platform;
    without.boot_rom = {};
    const Verdict verdict = verdict_on_other(without, without);
    EXPECT_FALSE(verdict.accepted());
    EXPECT_EQ(verdict.result(Check::root_of_trust), CheckResult::failed);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, EndToEnd, ::testing::ValuesIn(programs()),
                         [](const ::testing::TestParamInfo<Program>& program) {
                           std::string name = name_of(program.param);
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

TEST(Programs, AreOfEveryProfile) {
  std::set<Profile> found;
  for (const Program& program : programs()) {
    found.insert(program.profile);
  }
  EXPECT_EQ(found.size(), profiles().size());
}

}  // namespace
}  // namespace keystone
