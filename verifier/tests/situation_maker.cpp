// SPDX-License-Identifier: Apache-2.0
#include "situation_maker.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/testing/files.hpp"
#include "keystone/testing/vectors.hpp"

namespace keystone::testing {
namespace {

Bytes bytes_of(ByteView view) {
  return {view.begin(), view.end()};
}

Bytes encode(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::fixed:
      return report.encode_fixed();
    case ReportFormat::compact:
      return report.encode_compact();
    case ReportFormat::json: {
      const std::string text = report.encode_json() + "\n";
      return {text.begin(), text.end()};
    }
  }
  KEYSTONE_ASSERT(false);
}

std::string words(const Json& json) {
  return json.dump(2) + "\n";
}

}  // namespace

Draft::Draft() : data(bytes_of(bytes_for<32>("nonce"))) {
  policy["schema"] = "keystone.policy/1";
  policy["devices"][0] = {{"name", "board"}, {"key", attester.device_key().hex()}};
  policy["security_monitors"][0] = {{"name", "firmware"}, {"hash", attester.sm_hash.hex()}};
  policy["enclaves"][0] = {{"name", "hello"}, {"hash", attester.enclave_hash.hex()}};
  challenge = {{"now", kSituationNow},
               {"kind", "nonce"},
               {"value", hex::encode(data)},
               {"issued", "2026-06-01T11:59:00Z"},
               {"expires", "2026-06-01T12:04:00Z"},
               {"standing", "open"}};
}

ReportFields& Draft::fields() {
  if (!fields_) {
    fields_ = attester.fields(data);
  }
  return *fields_;
}

void Draft::ask(std::string_view kind, ByteView value) {
  challenge["kind"] = kind;
  challenge["value"] = hex::encode(value);
}

void Draft::fails(Check check, const std::string& reason) {
  results_[check] = CheckResult::failed;
  reasons_[check] = reason;
}

void Draft::is_not_evaluated(Check check, const std::string& reason) {
  results_[check] = CheckResult::not_evaluated;
  reasons_[check] = reason;
}

void Draft::waive(Check check, const std::string& reason) {
  policy["waivers"][std::string(to_string(check))] = reason;
  results_[check] = CheckResult::waived;
  reasons_[check] = reason;
}

void Draft::waive_needlessly(Check check, const std::string& reason) {
  policy["waivers"][std::string(to_string(check))] = reason;
  reasons_[check] = "waiver not needed: " + reason;
}

Bytes Draft::report_file() {
  Bytes file = encode(Report::from_fields(fields()).value(), format);
  if (tamper) {
    tamper(file);
  }
  return file;
}

std::vector<std::string> Draft::words_of(CheckResult result) const {
  std::vector<std::string> words;
  for (const auto& [check, is] : results_) {
    if (is == result) {
      words.emplace_back(to_string(check));
    }
  }
  return words;
}

Json Draft::expectation() const {
  const auto failed = words_of(CheckResult::failed);
  const auto not_evaluated = words_of(CheckResult::not_evaluated);
  const bool accepted = failed.empty() && not_evaluated.empty();
  Json reasons = Json::object();
  for (const auto& [check, reason] : reasons_) {
    reasons[std::string(to_string(check))] = reason;
  }
  return {{"outcome", malformed_ ? "malformed"
                      : accepted ? "accepted"
                                 : "rejected"},
          {"failed", failed},
          {"waived", words_of(CheckResult::waived)},
          {"not_evaluated", not_evaluated},
          {"reasons", reasons},
          {"exit_code", malformed_ ? 3
                        : accepted ? 0
                                   : 1}};
}

SecretKey test_device_secret() {
  const auto vectors = read_vector_json("boot-and-sealing.json");
  const auto& device = vectors.at("bootrom").at(0).at("device");
  std::array<std::uint8_t, SecretKey::kSize> secret{};
  const auto text = device.at("secret").get<std::string>();
  KEYSTONE_ASSERT(hex::decode_exactly("secret", text, secret).has_value());
  return SecretKey::from_expanded(secret);
}

// Its seed is the hash of two bytes (bootrom/bootloader.c, keystone 88c49ee).
SecretKey weak_sm_secret() {
  const Digest512 digest = sha3_512(std::array<std::uint8_t, 2>{0x40, 0x01}).value();
  return SecretKey::from_seed(digest.bytes().first<SecretKey::kSeedSize>()).value();
}

void Situations::add(const std::string& name, const std::function<void(Draft&)>& change) {
  const auto [at, is_new] = all_.try_emplace(name);
  KEYSTONE_ASSERT(is_new);
  change(at->second);
}

void Situations::write(const std::string& folder) {
  for (auto& [name, situation] : all_) {
    const std::string place = folder + "/" + name;
    std::filesystem::create_directories(place);
    const Bytes report = situation.report_file();
    const bool is_json = situation.format == ReportFormat::json;
    put(place + (is_json ? "/report.json" : "/report.bin"),
        std::string(report.begin(), report.end()));
    put(place + "/policy.json", words(situation.policy));
    put(place + "/challenge.json", words(situation.challenge));
    put(place + "/expect.json", words(situation.expectation()));
  }
}

}  // namespace keystone::testing
