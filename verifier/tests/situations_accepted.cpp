// SPDX-License-Identifier: Apache-2.0
// Forms of a report, and what policies let pass.
#include "situation_maker.hpp"

namespace keystone::testing {
namespace {

void use_test_device(Draft& situation) {
  situation.attester.device = test_device_secret();
  situation.entry("devices")["key"] = situation.attester.device_key().hex();
}

}  // namespace

void add_forms(Situations& all) {
  all.add("a-good-report-in-fixed-form", [](Draft&) {});
  all.add("a-good-report-in-compact-form", [](Draft& it) { it.format = ReportFormat::compact; });
  all.add("a-good-report-in-json-form", [](Draft& it) { it.format = ReportFormat::json; });
  all.add("bytes-behind-the-data-are-not-zero", [](Draft& it) {
    const std::size_t begin = ReportLayout::kData + it.data.size();
    it.tamper = [begin](Bytes& file) {
      for (std::size_t i = begin; i < ReportLayout::kData + ReportLayout::kMaxData; ++i) {
        file[i] = static_cast<std::uint8_t>(i);
      }
    };
  });
  all.add("data-of-1024-bytes", [](Draft& it) {
    it.data.assign(ReportLayout::kMaxData, 0xa5);
    it.ask("data", it.data);
  });
  all.add("a-fixed-report-is-cut-to-the-length-of-its-compact-form", [](Draft& it) {
    const std::size_t size = ReportLayout::kCompactOverhead + it.data.size();
    it.tamper = [size](Bytes& file) { file.resize(size); };
    it.fails(Check::root_of_trust, "all_zero");
    it.fails(Check::device_key, "not_registered");
    it.is_not_evaluated(Check::sm_signature, "no_root_of_trust");
    it.is_not_evaluated(Check::sm_key_strength, "no_root_of_trust");
    it.fails(Check::sm_hash, "not_expected");
    it.fails(Check::enclave_signature, "key_small_order");
  });
}

void add_waivers(Situations& all) {
  all.add("the-test-device-key-is-waived", [](Draft& it) {
    use_test_device(it);
    it.waive(Check::test_device_key, "a board in the lab");
  });
  all.add("a-weak-sm-key-is-waived", [](Draft& it) {
    it.attester.sm = weak_sm_secret();
    it.waive(Check::sm_key_strength, "boards of the first series");
  });
  all.add("both-known-keys-are-waived-as-for-qemu", [](Draft& it) {
    use_test_device(it);
    it.attester.sm = weak_sm_secret();
    it.waive(Check::test_device_key, "development under QEMU");
    it.waive(Check::sm_key_strength, "development under QEMU");
  });
  all.add("one-known-key-of-two-is-waived", [](Draft& it) {
    use_test_device(it);
    it.attester.sm = weak_sm_secret();
    it.waive(Check::test_device_key, "development under QEMU");
    it.fails(Check::sm_key_strength, "weak_key");
  });
  all.add("any-firmware-is-waived-through", [](Draft& it) {
    it.policy.erase("security_monitors");
    it.waive(Check::sm_hash, "firmware is checked elsewhere");
  });
  all.add("any-enclave-is-waived-through", [](Draft& it) {
    it.policy.erase("enclaves");
    it.waive(Check::enclave_hash, "a census of enclaves");
  });
  all.add("no-challenge-was-asked-and-both-checks-are-waived", [](Draft& it) {
    it.challenge = {{"now", kSituationNow}, {"kind", "none"}};
    it.waive(Check::report_data, "a report from the archive");
    it.waive(Check::freshness, "a report from the archive");
  });
  all.add("a-replay-is-waived-through", [](Draft& it) {
    it.challenge["standing"] = "used_before";
    it.waive(Check::freshness, "a report from the archive");
  });
  all.add("everything-that-can-be-waived-is", [](Draft& it) {
    use_test_device(it);
    it.attester.sm = weak_sm_secret();
    it.policy.erase("security_monitors");
    it.policy.erase("enclaves");
    it.challenge = {{"now", kSituationNow}, {"kind", "none"}};
    for (const Check check : kAllChecks) {
      if (is_waivable(check)) {
        it.waive(check, "only the signatures count");
      }
    }
  });
  all.add("everything-is-waived-and-a-signature-is-wrong", [](Draft& it) {
    for (const Check check : kAllChecks) {
      if (is_waivable(check)) {
        it.waive_needlessly(check, "only the signatures count");
      }
    }
    it.fields().sm_signature = it.fields().enclave_signature;
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("a-waiver-is-not-needed", [](Draft& it) {
    it.waive_needlessly(Check::sm_key_strength, "boards of the first series");
  });
}

}  // namespace keystone::testing
