// SPDX-License-Identifier: Apache-2.0
// The classes of Wycheproof's Ed25519 tests, made for SHA3-512 by a third implementation, in plain
// integers: test-vectors/wycheproof-sha3/generate.py.
#include "support.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

json table() {
  json file = read_vector_json("wycheproof-sha3/ed25519-sha3-512.json");
  require_keys(file, {"schema", "source", "generated_by", "notes", "tests"});
  return file;
}

struct Answer {
  std::string result;
  bool reference;
};

// Key and signature go in as a reader of files takes them: what has another length stays outside.
Answer answer_to(const json& test) {
  const auto key = DevicePublicKey::from("key", bytes_at(test, "key"));
  const auto signature = Signature::from_hex("sig", test.at("sig").get<std::string>());
  if (!key || !signature) {
    return {std::string(to_string((key ? signature.error() : key.error()).code)), false};
  }
  const Bytes message = bytes_at(test, "msg");
  return {std::string(to_string(result_of(key->bytes(), message, *signature))),
          reference_accepts(key->bytes(), message, *signature)};
}

TEST(Wycheproof, IsAnsweredAsTheTableSays) {
  const json file = table();
  ASSERT_GE(file.at("tests").size(), 390U);
  for (const json& test : file.at("tests")) {
    SCOPED_TRACE(test.at("id").dump() + " " + test.at("flags").dump() + " " +
                 test.at("comment").get<std::string>());
    require_keys(test, {"id", "comment", "flags", "key", "msg", "sig", "result", "reference"});
    const Answer answer = answer_to(test);
    EXPECT_EQ(answer.result, test.at("result"));
    EXPECT_EQ(answer.reference, test.at("reference"));
    EXPECT_TRUE(answer.result != "valid" || answer.reference) << "valid for us alone";
  }
}

// Where Keystone's own verifier accepts and ours does not, by class and reason. One more or one
// less is news.
TEST(Wycheproof, ShowsTheKnownDifferencesToTheReference) {
  std::map<std::pair<std::string, std::string>, int> differences;
  const json file = table();
  for (const json& test : file.at("tests")) {
    if (test.at("reference") != (test.at("result") == "valid")) {
      ++differences[{test.at("flags").at(0), test.at("result")}];
    }
  }
  const decltype(differences) known = {
      {{"SignatureMalleability", "s_not_reduced"}, 3}, {{"SmallOrderKey", "key_small_order"}, 28},
      {{"NonCanonicalKey", "key_small_order"}, 3},     {{"MixedOrderKey", "key_mixed_order"}, 7},
      {{"SmallOrderR", "r_small_order"}, 1},           {{"SpecialValues", "key_small_order"}, 1}};
  EXPECT_EQ(differences, known);
}

TEST(Wycheproof, HasEveryReasonEveryNoteAndMostlyRefusals) {
  const json file = table();
  std::set<std::string> results;
  std::set<std::string> flags;
  std::set<int> ids;
  std::size_t refused = 0;
  for (const json& test : file.at("tests")) {
    results.insert(test.at("result").get<std::string>());
    for (const json& flag : test.at("flags")) {
      flags.insert(flag.get<std::string>());
    }
    ids.insert(test.at("id").get<int>());
    refused += test.at("result") == "valid" ? 0U : 1U;
  }
  const std::set<std::string> all_results = {
      "valid",           "s_not_reduced",    "key_small_order", "key_non_canonical",
      "key_mixed_order", "key_not_on_curve", "r_small_order",   "r_non_canonical",
      "mismatch",        "malformed"};
  EXPECT_EQ(results, all_results);
  std::set<std::string> explained;
  for (const auto& [flag, why] : file.at("notes").items()) {
    explained.insert(flag);
  }
  EXPECT_EQ(flags, explained);
  EXPECT_EQ(ids.size(), file.at("tests").size());
  EXPECT_GE(refused * 10, file.at("tests").size() * 4);
  EXPECT_LE(refused + 40, file.at("tests").size());
}

}  // namespace
}  // namespace keystone
