// SPDX-License-Identifier: Apache-2.0
// What devices, monitors and enclaves say by themselves: nothing here is forged.
#include "keystone-attest/emulate_negatives_cases.hpp"
#include "keystone-attest/report_file.hpp"

namespace keystone::cli::attest {
namespace {

using enum Check;
using enum CheckResult;

struct Row {
  std::string_view name;
  std::string_view why;
  void (*arrange)(Scene& scene, const Workshop& workshop);
  std::vector<ExpectedFinding> findings;
  bool registers_test_key = false;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"other-device",
       "the report of a device that is not registered",
       [](Scene& it, const Workshop& from) { it.device = &from.other_device; },
       {{device_key, failed, "not_registered"}, {sm_signature, not_evaluated, "no_device_key"}}},
      {"revoked-device",
       "the report of a device that the registry revokes",
       [](Scene& it, const Workshop& from) { it.device = &from.revoked_device; },
       {{device_key, failed, "revoked"}}},
      {"test-device-key",
       "the device has the published test key, and somebody registered that",
       [](Scene& it, const Workshop& from) { it.device = &from.test_device; },
       {{test_device_key, failed, "published_test_key"}},
       true},
      {"test-device-key-not-registered",
       "the device has the published test key",
       [](Scene& it, const Workshop& from) { it.device = &from.test_device; },
       {{device_key, failed, "not_registered"},
        {test_device_key, failed, "published_test_key"},
        {sm_signature, not_evaluated, "no_device_key"}}},
      {"weak-sm-key",
       "the boot ROM derived the monitor's key as Keystone's does: one of 8192",
       [](Scene& it, const Workshop&) { it.boot_rom = BootRom::upstream; },
       {{sm_key_strength, failed, "weak_key"}}},
      {"other-sm",
       "the device booted another firmware",
       [](Scene& it, const Workshop& from) { it.sm_hash = from.other_sm_hash; },
       {{sm_hash, failed, "not_expected"}}},
      {"other-enclave",
       "another enclave reports",
       [](Scene& it, const Workshop& from) { it.enclave = from.other_enclave; },
       {{enclave_hash, failed, "not_expected"}}},
      {"replayed-nonce",
       "a recording: the data are the nonce of another challenge",
       [](Scene& it, const Workshop& from) { it.data = from.other_nonce; },
       {{report_data, failed, "mismatch"}}},
      {"short-nonce",
       "the data are the first half of the nonce",
       [](Scene& it, const Workshop&) { it.data.resize(it.data.size() / 2); },
       {{report_data, failed, "mismatch"}}},
      {"long-nonce",
       "the data are the nonce and a byte more",
       [](Scene& it, const Workshop&) { it.data.push_back(0); },
       {{report_data, failed, "mismatch"}}},
      {"no-data",
       "the report has no data",
       [](Scene& it, const Workshop&) { it.data.clear(); },
       {{report_data, failed, "mismatch"}}},
  };
  return kRows;
}

}  // namespace

Result<NegativeCases> accepted_cases(const Workshop& workshop, const Report& good) {
  using enum ReportFormat;
  const std::string text = encode(good, json);
  KEYSTONE_TRY(const auto dirty, with_dirty_tail(good, workshop.tail_seed));
  const ByteView bytes = dirty.received();
  return NegativeCases{
      {"good-fixed", "a good report, padded to 1352 bytes", fixed, encode(good, fixed)},
      {"good-compact", "the same without padding", compact, encode(good, compact)},
      {"good-json", "the same as Keystone's SDK writes it", json, text},
      {"json-white-space", "white space around the object", json, " \n\t" + text + "\n"},
      {"dirty-tail", "behind the data are bytes that nobody signed, as in genuine reports", fixed,
       std::string(bytes.begin(), bytes.end())},
  };
}

Result<NegativeCases> honest_cases(const Workshop& workshop) {
  NegativeCases cases;
  for (const Row& row : rows()) {
    Scene scene = Scene::good(workshop);
    row.arrange(scene, workshop);
    KEYSTONE_TRY(const auto report, attest(scene));
    cases.push_back({std::string(row.name), std::string(row.why), ReportFormat::fixed,
                     encode(report, ReportFormat::fixed), true, row.findings,
                     row.registers_test_key});
  }
  return cases;
}

}  // namespace keystone::cli::attest
