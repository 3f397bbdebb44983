// SPDX-License-Identifier: Apache-2.0
// Devices of the registry, and hashes that are expected.
#include "situation_maker.hpp"

namespace keystone::testing {
namespace {

constexpr const char* kSecondBefore = "2026-06-01T11:59:59Z";
constexpr const char* kSecondAfter = "2026-06-01T12:00:01Z";

// What the limits of one entry do, whatever it is an entry of.
void add_limits(Situations& all, const std::string& the_entry, const char* list, Check check) {
  all.add(the_entry + "-is-in-its-only-second", [=](Draft& it) {
    it.entry(list)["not_before"] = kSituationNow;
    it.entry(list)["not_after"] = kSituationNow;
  });
  all.add(the_entry + "-has-expired", [=](Draft& it) {
    it.entry(list)["not_after"] = kSecondBefore;
    it.fails(check, "expired");
  });
  all.add(the_entry + "-is-not-yet-valid", [=](Draft& it) {
    it.entry(list)["not_before"] = kSecondAfter;
    it.fails(check, "not_yet_valid");
  });
  all.add(the_entry + "-is-revoked", [=](Draft& it) {
    it.entry(list)["revoked"] = {{"at", "2026-05-01T00:00:00Z"}, {"reason", "superseded"}};
    it.fails(check, "revoked");
  });
  all.add(the_entry + "-is-revoked-with-a-date-to-come", [=](Draft& it) {
    it.entry(list)["revoked"] = {{"at", "2026-07-01T00:00:00Z"}, {"reason", "superseded"}};
    it.fails(check, "revoked");
  });
}

void selects_nobody(Draft& situation) {
  situation.fails(Check::device_key, "not_registered");
  situation.is_not_evaluated(Check::sm_signature, "no_device_key");
}

void add_other_device(Draft& situation, const DevicePublicKey& key) {
  situation.policy["devices"].push_back({{"name", "another board"}, {"key", key.hex()}});
}

}  // namespace

void add_devices(Situations& all) {
  const DevicePublicKey other(key_for("another device").public_key());
  add_limits(all, "the-device", "devices", Check::device_key);
  all.add("one-device-of-two-reports", [=](Draft& it) { add_other_device(it, other); });
  all.add("the-claim-is-right-but-the-registry-lacks-it", [=](Draft& it) {
    it.entry("devices")["key"] = other.hex();
    selects_nobody(it);
  });
  all.add("the-claim-is-tampered-with-though-its-device-signed", [](Draft& it) {
    const std::size_t at = ReportLayout::kFixedSize - 1;
    it.tamper = [](Bytes& file) { file.at(at) ^= 1; };
    selects_nobody(it);
  });
  all.add("the-claim-names-another-registered-device", [=](Draft& it) {
    add_other_device(it, other);
    it.fields().device_key = other;
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-device-key-is-the-published-test-key", [](Draft& it) {
    it.attester.device = test_device_secret();
    it.entry("devices")["key"] = it.attester.device_key().hex();
    it.fails(Check::test_device_key, "published_test_key");
  });
  all.add("the-claim-is-the-test-key-and-not-registered", [](Draft& it) {
    it.attester.device = test_device_secret();
    selects_nobody(it);
    it.fails(Check::test_device_key, "published_test_key");
  });
  all.add("an-unknown-device-where-the-test-key-is-registered", [](Draft& it) {
    it.entry("devices")["key"] = DevicePublicKey(test_device_secret().public_key()).hex();
    selects_nobody(it);
    it.fails(Check::test_device_key, "published_test_key");
  });
}

void add_expected_hashes(Situations& all) {
  add_limits(all, "the-sm-hash", "security_monitors", Check::sm_hash);
  add_limits(all, "the-enclave-hash", "enclaves", Check::enclave_hash);
  all.add("the-sm-hash-is-not-expected", [](Draft& it) {
    it.attester.sm_hash = field_for<SmHash>("another firmware");
    it.fails(Check::sm_hash, "not_expected");
  });
  all.add("the-enclave-hash-is-not-expected", [](Draft& it) {
    it.attester.enclave_hash = field_for<EnclaveHash>("another enclave");
    it.fails(Check::enclave_hash, "not_expected");
  });
  all.add("one-enclave-of-two-reports", [](Draft& it) {
    it.policy["enclaves"].push_back(
        {{"name", "another"}, {"hash", field_for<EnclaveHash>("another enclave").hex()}});
  });
  all.add("the-two-hashes-are-in-the-wrong-lists", [](Draft& it) {
    std::swap(it.entry("security_monitors")["hash"], it.entry("enclaves")["hash"]);
    it.fails(Check::sm_hash, "not_expected");
    it.fails(Check::enclave_hash, "not_expected");
  });
}

}  // namespace keystone::testing
