// SPDX-License-Identifier: Apache-2.0
// Of all reports exactly one is accepted, whatever its form and its tail. Every verdict can be
// shown.
#include "keystone/base/assert.hpp"
#include "keystone/testing/fuzz.hpp"
#include "keystone/testing/vectors.hpp"
#include "keystone/verifier/verifier.hpp"

namespace {
using namespace keystone;

struct Question {
  Verifier verifier;
  Report good;
  Challenge challenge;
  Instant now;
};

Question read_question() {
  const std::string folder = "verify/a-good-report-in-fixed-form/";
  const auto policy = testing::read_vector_json(folder + "policy.json");
  const auto asked = testing::read_vector_json(folder + "challenge.json");
  const auto at = [&](const char* key) { return asked.at(key).get<std::string>(); };
  const auto time = [&](const char* key) { return parse_instant(key, at(key)).value(); };
  const auto nonce = Nonce::from(hex::decode("value", at("value")).value()).value();
  return {Verifier(Policy::parse(policy.dump()).value()),
          Report::parse(testing::read_vector_file(folder + "report.bin")).value(),
          Challenge::exact_nonce(nonce).at({time("issued"), time("expires")}), time("now")};
}

}  // namespace

void keystone::fuzz(ByteView input) {
  static const auto [verifier, good, challenge, now] = read_question();
  if (const auto report = Report::parse(input, {{}, true})) {
    const Verdict verdict = verifier.verify({*report}, challenge, now);
    const bool is_good = report->encode_compact() == good.encode_compact();
    KEYSTONE_ASSERT(verdict.accepted() == is_good && !to_json(verdict).empty());
  }
}
