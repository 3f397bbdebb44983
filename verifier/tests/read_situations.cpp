// SPDX-License-Identifier: Apache-2.0
#include "read_situations.hpp"

#include "keystone/base/hex.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

namespace keystone::testing {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

Instant instant_at(const json& object, const char* key) {
  return parse_instant(key, text_at(object, key)).value();
}

// The report's file name; nothing but the four files may be there.
std::string report_file_of(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(vector_path(folder))) {
    names.insert(entry.path().filename());
  }
  const std::string report = names.contains("report.json") ? "report.json" : "report.bin";
  if (names != std::set<std::string>{"challenge.json", "expect.json", "policy.json", report}) {
    throw std::runtime_error(folder + ": not the files of a situation");
  }
  return folder + "/" + report;
}

void read_challenge(const json& challenge, Situation& situation) {
  std::vector<std::string> keys = {"now", "kind"};
  situation.now = instant_at(challenge, "now");
  situation.kind = text_at(challenge, "kind");
  if (situation.kind != "none") {
    keys.emplace_back("value");
    situation.value = hex::decode("value", text_at(challenge, "value")).value();
  }
  if (challenge.contains("issued")) {
    keys.insert(keys.end(), {"issued", "standing"});
    situation.time = {instant_at(challenge, "issued"), {}, text_at(challenge, "standing")};
    if (challenge.contains("expires")) {
      keys.emplace_back("expires");
      situation.time->expires = instant_at(challenge, "expires");
    }
  }
  require_keys(challenge, keys);
}

Answer read_expectation(const json& expect) {
  require_keys(expect, {"outcome", "failed", "waived", "not_evaluated", "reasons", "exit_code"});
  const auto checks_at = [&](const char* key) {
    return expect.at(key).get<std::vector<std::string>>();
  };
  const Answer answer{text_at(expect, "outcome"), checks_at("failed"), checks_at("waived"),
                      checks_at("not_evaluated"),
                      expect.at("reasons").get<std::map<std::string, std::string>>()};
  const std::map<std::string, int> codes = {{"accepted", 0}, {"rejected", 1}, {"malformed", 3}};
  if (expect.at("exit_code") != codes.at(answer.outcome)) {
    throw std::runtime_error("exit_code and outcome contradict each other");
  }
  return answer;
}

}  // namespace

void Answer::add(std::string_view check, std::string_view result, std::string_view reason) {
  const std::map<std::string_view, std::vector<std::string>*> lists = {
      {"failed", &failed}, {"waived", &waived}, {"not_evaluated", &not_evaluated}};
  if (const auto list = lists.find(result); list != lists.end()) {
    list->second->emplace_back(check);
  } else if (result != "passed") {
    throw std::runtime_error("a finding without a result");
  }
  if (!reason.empty()) {
    reasons.emplace(check, reason);
  }
}

std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  return out << json{{"outcome", answer.outcome},
                     {"failed", answer.failed},
                     {"waived", answer.waived},
                     {"not_evaluated", answer.not_evaluated},
                     {"reasons", answer.reasons}}
                    .dump(2);
}

std::vector<std::string> situation_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(vector_path("verify"))) {
    const std::string name = entry.path().filename();
    if (entry.is_directory()) {
      names.push_back(name);
    } else if (name != "README.md") {
      throw std::runtime_error("test-vectors/verify: what is " + name + "?");
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Situation read_situation(const std::string& name) {
  const std::string folder = "verify/" + name;
  Situation situation{};
  situation.name = name;
  situation.report = read_vector_file(report_file_of(folder));
  const Bytes policy = read_vector_file(folder + "/policy.json");
  situation.policy.assign(policy.begin(), policy.end());
  read_challenge(read_vector_json(folder + "/challenge.json"), situation);
  situation.want = read_expectation(read_vector_json(folder + "/expect.json"));
  return situation;
}

std::string test_name(const std::string& situation) {
  std::string name = situation;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace keystone::testing
