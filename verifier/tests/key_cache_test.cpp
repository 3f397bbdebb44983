// SPDX-License-Identifier: Apache-2.0
// A cache may only save work: every answer is the one of a verifier that has none.
#include "setting.hpp"

namespace keystone {
namespace {

using testing::field_for;
using testing::kNow;
using testing::rejects_for;
using testing::Setting;

// With a cache that has seen the setting's report, and without one: the same verdict.
Verdict verify_both_ways(const Setting& setting, const KeyCache& cache) {
  const Verifier cached(setting.policy, cache);
  const Verdict first = cached.verify({setting.report}, setting.challenge, kNow);
  const Verdict second = cached.verify({setting.report}, setting.challenge, kNow);
  const Verdict without =
      Verifier(setting.policy, KeyCache(0)).verify({setting.report}, setting.challenge, kNow);
  EXPECT_EQ(to_json(first), to_json(without));
  EXPECT_EQ(to_json(second), to_json(without));
  return first;
}

// A setting, and a cache that knows its Security Monitor.
struct KnownSetting : Setting {
  KeyCache cache;
  KnownSetting() {
    EXPECT_TRUE(verify_both_ways(*this, cache).accepted());
    EXPECT_EQ(cache.size(), 1U);
  }
  [[nodiscard]] Verdict verify_changed(const ReportFields& fields) {
    report = Report::from_fields(fields).value();
    return verify_both_ways(*this, cache);
  }
};

TEST(KeyCache, ServesOtherReportsOfTheSameMonitor) {
  KnownSetting setting;
  setting.report = setting.attester.report(std::vector<std::uint8_t>(8, 1));
  setting.challenge =
      Challenge::exact_data(std::vector<std::uint8_t>(8, 1)).value().at(testing::kOpen);
  EXPECT_TRUE(verify_both_ways(setting, setting.cache).accepted());
  EXPECT_EQ(setting.cache.size(), 1U);
}

TEST(KeyCache, VouchesForNoOtherSignature) {
  KnownSetting setting;
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_signature = fields.enclave_signature;
  EXPECT_TRUE(rejects_for(setting.verify_changed(fields), Check::sm_signature, "mismatch"));
  EXPECT_EQ(setting.cache.size(), 1U);
}

TEST(KeyCache, VouchesForNoOtherSmHash) {
  KnownSetting setting;
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_hash = field_for<SmHash>("another monitor");
  setting.policy.security_monitors[0].hash = fields.sm_hash;
  EXPECT_TRUE(rejects_for(setting.verify_changed(fields), Check::sm_signature, "mismatch"));
}

TEST(KeyCache, VouchesForNoOtherSmKey) {
  KnownSetting setting;
  const SecretKey other = testing::key_for("another monitor");
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_public_key = SmPublicKey(other.public_key());
  testing::sign_as_sm(fields, other);
  EXPECT_TRUE(rejects_for(setting.verify_changed(fields), Check::sm_signature, "mismatch"));
}

TEST(KeyCache, VouchesForNoOtherDeviceKey) {
  KnownSetting setting;
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.device_key = DevicePublicKey(testing::key_for("another device").public_key());
  setting.policy.devices.push_back({"another", fields.device_key, {}, {}});
  EXPECT_TRUE(rejects_for(setting.verify_changed(fields), Check::sm_signature, "mismatch"));
}

TEST(KeyCache, HasNoSayInAnyOtherCheck) {
  KnownSetting setting;
  setting.policy.devices[0].revoked = Revocation{kNow, "lost"};
  EXPECT_TRUE(rejects_for(verify_both_ways(setting, setting.cache), Check::device_key, "revoked"));
  setting.policy.devices.clear();
  const Verdict verdict = verify_both_ways(setting, setting.cache);
  EXPECT_EQ(verdict.result(Check::sm_signature), CheckResult::not_evaluated);
}

TEST(KeyCache, RemembersNoMoreThanItsCapacity) {
  for (const std::size_t capacity : {0U, 1U, 3U}) {
    const KeyCache cache(capacity);
    for (int i = 0; i < 5; ++i) {
      Setting setting;
      setting.attester.sm_hash = field_for<SmHash>(std::to_string(i));
      setting.report = setting.attester.report(setting.nonce.bytes());
      setting.policy = setting.attester.policy();
      EXPECT_TRUE(verify_both_ways(setting, cache).accepted());
      EXPECT_LE(cache.size(), capacity);
    }
    EXPECT_EQ(cache.size(), capacity);
  }
}

// More than one lock: what one part of the cache forgets, the others know nothing of.
TEST(KeyCache, OfManyEntriesRemembersNoMoreThanItsCapacity) {
  constexpr std::size_t kCapacity = 1024;
  const KeyCache cache(kCapacity);
  Setting setting;
  std::vector<Report> reports;
  for (int i = 0; i < 1200; ++i) {
    setting.attester.sm_hash = field_for<SmHash>(std::to_string(i));
    reports.push_back(setting.attester.report(setting.nonce.bytes()));
  }
  const Verifier verifier(setting.policy, cache);
  for (const Report& report : reports) {
    const Verdict verdict = verifier.verify({report}, setting.challenge, kNow);
    EXPECT_EQ(verdict.result(Check::sm_signature), CheckResult::passed);
    EXPECT_LE(cache.size(), kCapacity);
  }
  EXPECT_GT(cache.size(), kCapacity / 2);
}

TEST(KeyCache, IsOneForAllOfItsCopies) {
  const KeyCache cache;
  const KeyCache copy = cache;
  const Setting setting;
  const Verifier verifier(setting.policy, copy);
  EXPECT_TRUE(verifier.verify({setting.report}, setting.challenge, kNow).accepted());
  EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace keystone
