// SPDX-License-Identifier: Apache-2.0
// What a finding shows: the field, what was got and what was wanted, as the report has them.
#include "appraisal.hpp"
#include "keystone/base/hex.hpp"
#include "keystone/verifier/known_keys.hpp"
#include "setting.hpp"

#include <memory>

namespace keystone {
namespace {

using testing::field_for;
using testing::kNow;
using testing::kOpen;
using testing::Setting;

// What a finding should show beside its result.
struct Shown {
  Check check;
  std::string field;
  std::string got;
  std::string want;
};

void expect_shown(const Verdict& verdict, const Shown& shown) {
  SCOPED_TRACE(to_string(shown.check));
  const Finding finding = verdict.finding(shown.check);
  EXPECT_EQ(finding.check, shown.check);
  EXPECT_EQ(finding.result, verdict.result(shown.check));
  EXPECT_EQ(finding.field, shown.field);
  EXPECT_EQ(finding.got, shown.got);
  EXPECT_EQ(finding.want, shown.want);
}

TEST(Findings, ShowTheValuesOfAReportThatIsAccepted) {
  const Setting setting;
  const Verdict verdict = setting.verify();
  const Report& report = setting.report;
  const std::string device = setting.attester.device_key().hex();
  const std::string sm = setting.attester.sm_key().hex();
  const std::vector<Shown> all = {
      {Check::root_of_trust, "security_monitor", "a hash and a key",
       "a hash and a key that are not zero"},
      {Check::device_key, "device_pubkey", device, "a registered device key ('board')"},
      {Check::test_device_key, "device_pubkey", device, "a key that is not the published test key"},
      {Check::sm_signature, "security_monitor.signature", report.sm_signature().hex(),
       "a signature by " + device},
      {Check::sm_key_strength, "security_monitor.pubkey", sm,
       "a key that is not one of the 8192 weak ones"},
      {Check::sm_hash, "security_monitor.hash", setting.attester.sm_hash.hex(),
       "an expected security monitor ('firmware')"},
      {Check::enclave_signature, "enclave.signature", report.enclave_signature().hex(),
       "a signature by " + sm},
      {Check::enclave_hash, "enclave.hash", setting.attester.enclave_hash.hex(),
       "an expected enclave ('hello')"},
      {Check::report_data, "enclave.data", setting.nonce.hex(), setting.nonce.hex()},
      {Check::freshness, "challenge", "2026-06-01T12:00:00Z",
       "from 2026-06-01T11:59:00Z to 2026-06-01T12:04:00Z, once"},
  };
  ASSERT_EQ(all.size(), kCheckCount);
  for (const Shown& shown : all) {
    expect_shown(verdict, shown);
  }
}

TEST(Findings, ShowWhatAStrangerClaims) {
  Setting setting;
  setting.policy.devices[0].key = field_for<DevicePublicKey>("another device");
  setting.policy.security_monitors[0].hash = field_for<SmHash>("another monitor");
  setting.policy.enclaves[0].hash = field_for<EnclaveHash>("another enclave");
  const Verdict verdict = setting.verify();
  const std::string claimed = setting.attester.device_key().hex();
  expect_shown(verdict, {Check::device_key, "device_pubkey", claimed, "a registered device key"});
  expect_shown(verdict, {Check::test_device_key, "device_pubkey", claimed,
                         "a key that is not the published test key"});
  expect_shown(verdict, {Check::sm_signature, "security_monitor.signature",
                         setting.report.sm_signature().hex(), ""});
  expect_shown(verdict, {Check::sm_hash, "security_monitor.hash", setting.attester.sm_hash.hex(),
                         "an expected security monitor"});
  expect_shown(verdict, {Check::enclave_hash, "enclave.hash", setting.attester.enclave_hash.hex(),
                         "an expected enclave"});
}

TEST(Findings, ShowTheTestKeyThatAPolicyRegisters) {
  Setting setting;
  setting.policy.devices[0].key = test_device_key();
  expect_shown(setting.verify(), {Check::test_device_key, "device_pubkey", test_device_key().hex(),
                                  "a key that is not the published test key"});
}

TEST(Findings, ShowWhatIsMissingOfTheMonitor) {
  Setting setting;
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_public_key = SmPublicKey(std::array<std::uint8_t, SmPublicKey::kSize>{});
  setting.report = Report::from_fields(fields).value();
  const Verdict verdict = setting.verify();
  expect_shown(verdict, {Check::root_of_trust, "security_monitor", "key_zero",
                         "a hash and a key that are not zero"});
  expect_shown(verdict,
               {Check::sm_key_strength, "security_monitor.pubkey", std::string(64, '0'), ""});
  expect_shown(verdict, {Check::sm_signature, "security_monitor.signature",
                         setting.report.sm_signature().hex(), ""});
}

TEST(Findings, ShowWhatEachChallengeAsksFor) {
  Setting setting;
  const std::string got = setting.nonce.hex();
  const auto binding = field_for<ChannelBinding>("channel");
  const std::vector<std::pair<Challenge, std::string>> challenges = {
      {Challenge::none(), "a challenge"},
      {Challenge::exact_data(std::vector<std::uint8_t>{0x00, 0xff}).value(), "00ff"},
      {Challenge::exact_nonce(setting.nonce), got},
      {Challenge::nonce_prefix(setting.nonce), got + "..."},
      {Challenge::bound_to(binding), binding.hex()},
  };
  for (const auto& [challenge, want] : challenges) {
    setting.challenge = challenge;
    expect_shown(setting.verify(), {Check::report_data, "enclave.data", got, want});
  }
}

TEST(Findings, ShowUntilWhenAChallengeMayBeAnswered) {
  Setting setting;
  const std::string now = "2026-06-01T12:00:00Z";
  setting.challenge = Challenge::exact_nonce(setting.nonce);
  expect_shown(setting.verify(), {Check::freshness, "challenge", now, "a challenge with a time"});
  setting.challenge = setting.challenge.at({kOpen.issued, {}, kOpen.standing});
  expect_shown(setting.verify(),
               {Check::freshness, "challenge", now, "from 2026-06-01T11:59:00Z to an end, once"});
  setting.policy.max_age = testing::seconds(90);
  expect_shown(setting.verify(), {Check::freshness, "challenge", now,
                                  "from 2026-06-01T11:59:00Z to 2026-06-01T12:00:30Z, once"});
  setting.challenge = Challenge::none().at(kOpen);
  expect_shown(setting.verify(), {Check::freshness, "challenge", now, "a challenge with a time"});
}

// No input makes the library below fail; the finding on its failure is looked at alone.
TEST(Findings, WantNothingWhereASignatureCouldNotBeAskedAbout) {
  const Setting setting;
  const detail::Appraisal appraisal(std::make_shared<const Policy>(setting.policy), setting.report,
                                    setting.challenge, kNow);
  const Finding finding =
      appraisal.finding(Check::enclave_signature, {CheckResult::not_evaluated, "internal"});
  EXPECT_EQ(finding.result, CheckResult::not_evaluated);
  EXPECT_EQ(finding.field, "enclave.signature");
  EXPECT_EQ(finding.got, setting.report.enclave_signature().hex());
  EXPECT_EQ(finding.want, "");
  EXPECT_EQ(finding.reason, "internal");
}

// Nothing of what a verdict was made from is left when it is asked.
TEST(Findings, OutliveAllThatTheyAreAbout) {
  const Setting kept;
  const auto data = kept.nonce.bytes();
  std::vector<Verdict> verdicts;
  {
    const Challenge challenge = Challenge::exact_data(data).value().at(kOpen);
    const auto report = std::make_unique<const Evidence>(
        Evidence{Report::parse(kept.report.encode_fixed()).value()});
    const auto verifier = std::make_unique<const Verifier>(kept.policy);
    verdicts = verifier->verify_batch(std::vector(3, *report), std::vector(3, challenge), kNow, 2);
    verdicts.push_back(verifier->verify(*report, challenge, kNow));
  }
  for (const Verdict& verdict : verdicts) {
    EXPECT_TRUE(verdict.accepted());
    expect_shown(verdict,
                 {Check::report_data, "enclave.data", hex::encode(data), hex::encode(data)});
    expect_shown(verdict, {Check::device_key, "device_pubkey", kept.attester.device_key().hex(),
                           "a registered device key ('board')"});
  }
}

TEST(Findings, AreStillThereWhenTheVerdictWasMoved) {
  Verdict first = Setting().verify();
  const Verdict second = std::move(first);
  EXPECT_EQ(to_json(first), to_json(second));
  Verifier moved(Setting().policy);
  const Verifier verifier = std::move(moved);
  const Setting setting;
  EXPECT_TRUE(moved.verify({setting.report}, setting.challenge, kNow).accepted());
}

}  // namespace
}  // namespace keystone
