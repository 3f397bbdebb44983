// SPDX-License-Identifier: Apache-2.0
// A batch may only save time: each verdict is the one of verify() alone.
#include "setting.hpp"

namespace keystone {
namespace {

using testing::field_for;
using testing::key_for;
using testing::kNow;
using testing::seconds;
using testing::Setting;

// Reports of a few devices and monitors, good ones and every kind of bad one, each with a
// challenge.
class Crowd {
 public:
  explicit Crowd(std::size_t size) {
    setting_.policy.devices.push_back(
        {"revoked", DevicePublicKey(key_for("revoked").public_key()), {}, Revocation{kNow, "x"}});
    for (std::size_t i = 0; i < size; ++i) {
      add(i);
    }
  }

  [[nodiscard]] const Policy& policy() const { return setting_.policy; }
  [[nodiscard]] std::span<const Evidence> evidence() const { return evidence_; }
  [[nodiscard]] std::span<const Challenge> challenges() const { return challenges_; }

  [[nodiscard]] std::vector<std::string> verdicts_alone(std::size_t count) const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
      const Verifier fresh(policy(), KeyCache(0), KeyTables(0));
      texts.push_back(to_json(fresh.verify(evidence_[i], challenges_[i], kNow)));
    }
    return texts;
  }

 private:
  static constexpr std::size_t kKinds = 9;

  void add(std::size_t i) {
    ReportFields fields = setting_.attester.fields(setting_.nonce.bytes());
    Challenge challenge = setting_.challenge;
    spoil(i % kKinds, i, fields, challenge);
    evidence_.push_back({Report::from_fields(fields).value()});
    challenges_.push_back(challenge);
  }

  void spoil(std::size_t kind, std::size_t i, ReportFields& fields, Challenge& challenge) const {
    if (kind == 1) {
      fields.sm_signature = fields.enclave_signature;
    } else if (kind == 2) {
      fields.enclave_signature = fields.sm_signature;
    } else if (kind == 3) {  // a stranger's device
      fields.device_key = DevicePublicKey(key_for("stranger " + std::to_string(i)).public_key());
    } else if (kind == 4) {  // a stranger's monitor
      const SecretKey other = key_for("monitor " + std::to_string(i));
      fields.sm_public_key = SmPublicKey(other.public_key());
      testing::sign_as_sm(fields, other);
    } else if (kind == 5) {  // a monitor of the device's that has a key of small order
      fields.sm_public_key = SmPublicKey(std::array<std::uint8_t, 32>{1});
      testing::sign_as_device(fields, setting_.attester.device);
    } else if (kind == 6) {
      fields.sm_hash = SmHash(std::array<std::uint8_t, SmHash::kSize>{});
    } else if (kind == 7) {
      fields.device_key = DevicePublicKey(key_for("revoked").public_key());
      testing::sign_as_device(fields, key_for("revoked"));
    } else if (kind == 8) {
      challenge = Challenge::none();
    }
  }

  Setting setting_;
  std::vector<Evidence> evidence_;
  std::vector<Challenge> challenges_;
};

std::vector<std::string> texts_of(std::span<const Verdict> verdicts) {
  std::vector<std::string> texts;
  for (const Verdict& verdict : verdicts) {
    texts.push_back(to_json(verdict));
  }
  return texts;
}

TEST(VerifyBatch, GivesEachReportTheVerdictThatItGetsAlone) {
  const Crowd crowd(300);
  const auto alone = crowd.verdicts_alone(300);
  const Verifier verifier(crowd.policy());
  for (int round = 0; round < 2; ++round) {  // the second with a cache and tables
    EXPECT_EQ(texts_of(verifier.verify_batch(crowd.evidence(), crowd.challenges(), kNow)), alone);
  }
  EXPECT_EQ(texts_of(verifier.verify_batch(crowd.evidence(), crowd.challenges(), kNow, 3)), alone);
}

TEST(VerifyBatch, TakesAnyNumberOfReports) {
  const Crowd crowd(130);
  const auto alone = crowd.verdicts_alone(130);
  for (const std::size_t size : {0U, 1U, 2U, 7U, 8U, 9U, 127U, 128U, 129U, 130U}) {
    const Verifier verifier(crowd.policy());
    const auto texts = texts_of(verifier.verify_batch(crowd.evidence().first(size),
                                                      crowd.challenges().first(size), kNow, 0));
    EXPECT_TRUE(std::equal(texts.begin(), texts.end(), alone.begin(),
                           alone.begin() + static_cast<std::ptrdiff_t>(size)))
        << size;
  }
}

TEST(VerifyBatch, AcceptsWhatIsGoodAndNothingElse) {
  const Crowd crowd(90);
  const auto verdicts =
      Verifier(crowd.policy()).verify_batch(crowd.evidence(), crowd.challenges(), kNow);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(verdicts[i].accepted(), i % 9 == 0) << i << ": " << summary(verdicts[i]);
  }
}

TEST(VerifyBatch, RemembersTheMonitorsThatItSaw) {
  const Crowd crowd(18);
  const KeyCache cache;
  const Verifier verifier(crowd.policy(), cache);
  (void)verifier.verify_batch(crowd.evidence(), crowd.challenges(), kNow);
  // The honest one, the one with the odd key, and the one of the revoked device.
  EXPECT_EQ(cache.size(), 3U);
}

// Only the registered keys and the monitors that a device in force vouches for get tables.
TEST(VerifyBatch, MakesNoTablesForStrangers) {
  const Setting setting;
  std::vector<Evidence> evidence;
  for (int i = 0; i < 100; ++i) {  // one stranger's monitor, again and again
    ReportFields fields = setting.attester.fields(setting.nonce.bytes());
    const SecretKey other = key_for("stranger");
    fields.sm_public_key = SmPublicKey(other.public_key());
    testing::sign_as_sm(fields, other);
    fields.device_key = DevicePublicKey(other.public_key());
    evidence.push_back({Report::from_fields(fields).value()});
  }
  const std::vector<Challenge> challenges(evidence.size(), setting.challenge);
  const KeyTables tables;
  const Verifier verifier(setting.policy, KeyCache(), tables);
  (void)verifier.verify_batch(evidence, challenges, kNow);
  for (const Evidence& each : evidence) {
    (void)verifier.verify(each, setting.challenge, kNow);
  }
  EXPECT_EQ(tables.bytes(), 0U);
}

#ifndef KEYSTONE_SODIUM_ENGINE  // which has no tables
TEST(VerifyBatch, MakesTablesForMonitorsThatRecur) {
  const Setting setting;
  const std::vector<Evidence> evidence(20, {setting.report});
  const std::vector<Challenge> challenges(evidence.size(), setting.challenge);
  const KeyTables tables;
  const Verifier verifier(setting.policy, KeyCache(), tables);
  for (const Verdict& verdict : verifier.verify_batch(evidence, challenges, kNow)) {
    EXPECT_TRUE(verdict.accepted());
  }
  EXPECT_GT(tables.bytes(), std::size_t{100} << 10U);
}
#endif

TEST(VerifyBatch, WantsAChallengeForEachReport) {
  const Setting setting;
  const Verifier verifier(setting.policy);
  const std::vector<Evidence> evidence(2, {setting.report});
  EXPECT_DEATH((void)verifier.verify_batch(evidence, std::vector{setting.challenge}, kNow), "bug:");
}

}  // namespace
}  // namespace keystone
