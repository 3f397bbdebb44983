// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attester.hpp"
#include "keystone/verifier/check.hpp"
#include "keystone/verifier/verdict.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

// The situations of test-vectors/verify/, which make_situations writes. What is expected of each is
// stated beside it, after the description of the checks; nothing here asks the verifier.
namespace keystone::testing {

using Json = nlohmann::ordered_json;
using Bytes = std::vector<std::uint8_t>;

// The time in every situation.
inline constexpr std::string_view kSituationNow = "2026-06-01T12:00:00Z";

// A situation in the making: a good report under a policy that expects it, in answer to a nonce,
// until something is changed.
class Draft {
 public:
  Draft();

  // Who reports, until fields() is called for the first time.
  Attester attester;
  Bytes data;

  // The report's fields, both signatures made. Changes of them do not sign again.
  [[nodiscard]] ReportFields& fields();

  ReportFormat format = ReportFormat::fixed;
  std::function<void(Bytes&)> tamper;  // changes the file, if set

  Json policy;
  Json challenge;

  // Asks for something else than the nonce.
  void ask(std::string_view kind, ByteView value);

  // The first entry of the policy's list, to be limited or revoked.
  [[nodiscard]] Json& entry(const char* list) { return policy.at(list).at(0); }

  // What the verdict must say of a check. Those of which nothing is said pass.
  void fails(Check check, const std::string& reason);
  void is_not_evaluated(Check check, const std::string& reason);

  // As fails(), but the policy waives it; and what passes though the policy would waive it.
  void waive(Check check, const std::string& reason);
  void waive_needlessly(Check check, const std::string& reason);

  // The report cannot be read: there is no verdict.
  void is_malformed() { malformed_ = true; }

  // What the files hold.
  [[nodiscard]] Bytes report_file();
  [[nodiscard]] Json expectation() const;

 private:
  [[nodiscard]] std::vector<std::string> words_of(CheckResult result) const;

  std::optional<ReportFields> fields_;
  std::map<Check, CheckResult> results_;
  std::map<Check, std::string> reasons_;
  bool malformed_ = false;
};

// All situations, by the name of the folder.
class Situations {
 public:
  void add(const std::string& name, const std::function<void(Draft&)>& change);

  // Writes each into a folder of its own under `folder`.
  void write(const std::string& folder);

 private:
  std::map<std::string, Draft> all_;
};

// The secret of the published test device key, and one of the SM keys that the boot ROM can derive.
[[nodiscard]] SecretKey test_device_secret();
[[nodiscard]] SecretKey weak_sm_secret();

// Each adds the situations of one subject.
void add_forms(Situations& all);
void add_waivers(Situations& all);
void add_devices(Situations& all);
void add_expected_hashes(Situations& all);
void add_roots_of_trust(Situations& all);
void add_signatures(Situations& all);
void add_odd_signatures(Situations& all);
void add_data(Situations& all);
void add_times(Situations& all);
void add_malformed(Situations& all);

}  // namespace keystone::testing
