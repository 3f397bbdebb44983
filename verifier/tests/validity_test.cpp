// SPDX-License-Identifier: Apache-2.0
// The registry and the expected hashes: what counts when, and which of several entries decides.
#include "keystone/verifier/known_keys.hpp"
#include "setting.hpp"

#include <algorithm>
#include <functional>

namespace keystone {
namespace {

using testing::field_for;
using testing::kNow;
using testing::kSecond;
using testing::rejects_for;
using testing::seconds;
using testing::Setting;

// The three lists have the same rules: each test goes through all of them.
struct List {
  Check check;
  std::function<Validity&(Policy&)> validity;
  std::function<std::optional<Revocation>&(Policy&)> revoked;
  std::function<void(Policy&)> repeat;  // the first entry once more
};

template <class Entry>
List list_of(Check check, std::vector<Entry> Policy::*entries) {
  return {
      check, [=](Policy& policy) -> Validity& { return (policy.*entries)[0].validity; },
      [=](Policy& policy) -> std::optional<Revocation>& { return (policy.*entries)[0].revoked; },
      [=](Policy& policy) {
        (policy.*entries).push_back((policy.*entries)[0]);
        (policy.*entries)[1].name += " again";
      }};
}

std::vector<List> lists() {
  return {list_of(Check::device_key, &Policy::devices),
          list_of(Check::sm_hash, &Policy::security_monitors),
          list_of(Check::enclave_hash, &Policy::enclaves)};
}

TEST(Validity, IncludesItsFirstAndItsLastSecond) {
  for (const List& list : lists()) {
    Setting setting;
    list.validity(setting.policy) = {kNow, kNow};
    EXPECT_TRUE(setting.verify().accepted());
    list.validity(setting.policy) = {kNow, {}};
    EXPECT_TRUE(setting.verify().accepted());
    list.validity(setting.policy) = {{}, kNow};
    EXPECT_TRUE(setting.verify().accepted());
  }
}

TEST(Validity, EndsASecondBeforeAndASecondAfter) {
  for (const List& list : lists()) {
    Setting setting;
    list.validity(setting.policy) = {kNow + kSecond, {}};
    EXPECT_TRUE(rejects_for(setting.verify(), list.check, "not_yet_valid"));
    list.validity(setting.policy) = {{}, kNow - kSecond};
    EXPECT_TRUE(rejects_for(setting.verify(), list.check, "expired"));
  }
}

TEST(Validity, OfARevokedEntryNeverComes) {
  for (const List& list : lists()) {
    for (const seconds when : {-kSecond, seconds(0), kSecond}) {
      Setting setting;
      list.revoked(setting.policy) = Revocation{kNow + when, "lost"};
      EXPECT_TRUE(rejects_for(setting.verify(), list.check, "revoked"));
    }
  }
}

TEST(Validity, OfARevokedAndExpiredEntryIsRevoked) {
  for (const List& list : lists()) {
    Setting setting;
    list.validity(setting.policy) = {{}, kNow - kSecond};
    list.revoked(setting.policy) = Revocation{kNow, "lost"};
    EXPECT_TRUE(rejects_for(setting.verify(), list.check, "revoked"));
  }
}

// A policy file cannot say a thing twice; one that is made by hand can.
TEST(Validity, OfTheSameEntryTwiceIsTheValidOne) {
  for (const List& list : lists()) {
    Setting setting;
    list.repeat(setting.policy);
    list.validity(setting.policy) = {{}, kNow - kSecond};
    EXPECT_TRUE(setting.verify().accepted());
  }
}

TEST(Validity, OfTheSameEntryTwiceIsNoneWhereOneIsRevoked) {
  for (const List& list : lists()) {
    Setting setting;
    list.repeat(setting.policy);
    list.revoked(setting.policy) = Revocation{kNow, "lost"};
    EXPECT_TRUE(rejects_for(setting.verify(), list.check, "revoked"));
  }
}

TEST(Validity, OfADeviceThatIsRevokedLeavesItsSignatureToBeChecked) {
  Setting setting;
  setting.policy.devices[0].revoked = Revocation{kNow, "lost"};
  EXPECT_EQ(setting.verify().result(Check::sm_signature), CheckResult::passed);
  ReportFields fields = setting.attester.fields(setting.nonce.bytes());
  fields.sm_signature = fields.enclave_signature;
  setting.report = Report::from_fields(fields).value();
  EXPECT_EQ(setting.verify().result(Check::sm_signature), CheckResult::failed);
}

TEST(Registry, OfNobodyTrustsNobody) {
  Setting setting;
  setting.policy.devices.clear();
  const Verdict verdict = setting.verify();
  EXPECT_TRUE(rejects_for(verdict, Check::device_key, "not_registered"));
  EXPECT_EQ(verdict.with(CheckResult::not_evaluated), std::vector{Check::sm_signature});
  EXPECT_EQ(verdict.finding(Check::sm_signature).reason, "no_device_key");
}

TEST(Registry, OfTheTestKeyFailsReportsOfAnybodyUnknown) {
  Setting setting;
  setting.policy.devices[0].key = test_device_key();
  const Verdict verdict = setting.verify();
  EXPECT_EQ(verdict.with(CheckResult::failed),
            (std::vector{Check::device_key, Check::test_device_key}));
  EXPECT_EQ(verdict.finding(Check::test_device_key).reason, "published_test_key");
}

TEST(ExpectedHashes, ThatAreEmptyAcceptNothing) {
  Setting setting;
  setting.policy.security_monitors.clear();
  EXPECT_TRUE(rejects_for(setting.verify(), Check::sm_hash, "not_expected"));
  setting = Setting();
  setting.policy.enclaves.clear();
  EXPECT_TRUE(rejects_for(setting.verify(), Check::enclave_hash, "not_expected"));
}

// The hash of a monitor is none of an enclave's, though both have 64 bytes.
TEST(ExpectedHashes, AreOfTheirOwnKind) {
  Setting setting;
  setting.policy.enclaves[0].hash = EnclaveHash(setting.attester.sm_hash.bytes());
  EXPECT_TRUE(rejects_for(setting.verify(), Check::enclave_hash, "not_expected"));
  setting = Setting();
  setting.policy.security_monitors[0].hash = SmHash(setting.attester.enclave_hash.bytes());
  EXPECT_TRUE(rejects_for(setting.verify(), Check::sm_hash, "not_expected"));
}

// Three entries of each list, in all orders.
template <class Entry, class Less>
void expect_any_order(std::vector<Entry> Policy::*entries, Setting& setting, Less less) {
  auto& list = setting.policy.*entries;
  std::sort(list.begin(), list.end(), less);
  const std::string want = to_json(setting.verify());
  while (std::next_permutation(list.begin(), list.end(), less)) {
    EXPECT_EQ(to_json(setting.verify()), want);
  }
}

const auto kByName = [](const auto& a, const auto& b) { return a.name < b.name; };

TEST(ListOrder, NeverShowsInAVerdict) {
  Setting setting;
  setting.policy.devices.push_back({"b", field_for<DevicePublicKey>("b"), {}, {}});
  setting.policy.devices.push_back({"c", field_for<DevicePublicKey>("c"), {}, {}});
  setting.policy.enclaves.push_back({"b", {}, field_for<EnclaveHash>("b"), {}, {}});
  setting.policy.enclaves.push_back({"c", {}, field_for<EnclaveHash>("c"), {}, {}});
  EXPECT_TRUE(setting.verify().accepted());
  expect_any_order(&Policy::devices, setting, kByName);
  expect_any_order(&Policy::enclaves, setting, kByName);
}

TEST(ListOrder, NeverShowsWhereEntriesContradictEachOther) {
  const Validity past = {{}, kNow - kSecond};
  const Validity future = {kNow + kSecond, {}};
  const std::optional<Revocation> lost = Revocation{kNow, "lost"};
  for (const auto& revoked : {std::optional<Revocation>(), lost}) {
    Setting setting;
    const SmHash hash = setting.attester.sm_hash;
    setting.policy.security_monitors = {{"a", {}, hash, past, revoked},
                                        {"b", {}, hash, future, revoked},
                                        {"c", {}, hash, past, {}}};
    EXPECT_FALSE(setting.verify().accepted());
    expect_any_order(&Policy::security_monitors, setting, kByName);
  }
}

}  // namespace
}  // namespace keystone
