// SPDX-License-Identifier: Apache-2.0
// Key pairs, signatures and edge cases to which Keystone's own signature code gave the answers.
#include "support.hpp"

#include <filesystem>
#include <map>
#include <optional>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

json vectors() {
  json file = read_vector_json("ed25519-sha3-512.json");
  require_keys(file, {"what", "sign", "edge"});
  return file;
}

void expect_no_flip_is_valid(const json& vector) {
  const auto key = array_at<32>(vector, "pub");
  Bytes message = bytes_at(vector, "msg");
  Bytes signature = bytes_at(vector, "sig");
  for (Bytes* const bytes : {&signature, &message}) {
    for (std::size_t bit = 0; bit < bytes->size() * 8; bit += 5) {  // 5: every place in a byte
      const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
      (*bytes)[bit / 8] ^= mask;
      EXPECT_NE(result_of(key, message, Signature::from("sig", signature).value()),
                SignatureResult::valid)
          << bit;
      (*bytes)[bit / 8] ^= mask;
    }
  }
}

TEST(SignatureVectors, AreTheKeysOfTheirSeeds) {
  const json file = vectors();
  ASSERT_EQ(file.at("sign").size(), 8U);
  for (const json& vector : file.at("sign")) {
    require_keys(vector, {"seed", "pub", "priv", "msg", "sig", "verify"});
    const SecretKey key = SecretKey::from_seed(array_at<32>(vector, "seed")).value();
    EXPECT_EQ(hex::encode(key.expose_secret()), vector.at("priv"));
    EXPECT_EQ(hex::encode(key.public_key()), vector.at("pub"));
    EXPECT_EQ(check_public_key(key.public_key()), SignatureResult::valid);
  }
}

TEST(SignatureVectors, AreTheSignaturesOfTheirKeys) {
  const json file = vectors();
  for (const json& vector : file.at("sign")) {
    const SecretKey key = SecretKey::from_expanded(array_at<64>(vector, "priv"));
    const Bytes message = bytes_at(vector, "msg");
    EXPECT_EQ(key.sign(message).value().hex(), vector.at("sig"));
    const Signature signature(array_at<64>(vector, "sig"));
    EXPECT_EQ(vector.at("verify"), 1);
    EXPECT_EQ(result_of(array_at<32>(vector, "pub"), message, signature), SignatureResult::valid);
    EXPECT_TRUE(reference_accepts(array_at<32>(vector, "pub"), message, signature));
  }
}

TEST(SignatureVectors, AreNotValidWithABitFlipped) {
  const json file = vectors();
  for (const json& vector : file.at("sign")) {
    expect_no_flip_is_valid(vector);
  }
}

// The reason that a word of the file stands for; none for the one that is no reason of ours: that
// both key and signature are zero, which always comes with others.
std::optional<SignatureResult> reason_of(const std::string& word) {
  using enum SignatureResult;
  static const std::map<std::string, std::optional<SignatureResult>> kReasons = {
      {"s-not-reduced", s_not_reduced},         {"key-small-order", key_small_order},
      {"key-non-canonical", key_non_canonical}, {"key-mixed-order", key_mixed_order},
      {"r-small-order", r_small_order},         {"signature-mismatch", mismatch},
      {"zero-key-zero-signature", std::nullopt}};
  return kReasons.at(word);
}

// The first of the reasons that a vector lists, in the order of ours.
SignatureResult first_reason(const json& words) {
  std::optional<SignatureResult> first;
  for (const json& word : words) {
    const auto reason = reason_of(word);
    first = reason && (!first || *reason < *first) ? reason : first;
  }
  return first.value_or(SignatureResult::valid);
}

TEST(SignatureVectors, OfEdgesAreAnsweredAsKeystoneDoesAndByOursStrictly) {
  const json file = vectors();
  ASSERT_EQ(file.at("edge").size(), 12U);
  int only_reference = 0;
  for (const json& vector : file.at("edge")) {
    SCOPED_TRACE(vector.at("name"));
    // "note" is for readers.
    require_keys(vector, {"name", "pub", "sig", "msg", "ref_verify", "note", "strict_verify",
                          "strict_reasons"});
    const auto key = array_at<32>(vector, "pub");
    const Bytes message = bytes_at(vector, "msg");
    const Signature signature(array_at<64>(vector, "sig"));
    const SignatureResult result = result_of(key, message, signature);
    EXPECT_EQ(reference_accepts(key, message, signature), vector.at("ref_verify") == 1);
    EXPECT_EQ(result == SignatureResult::valid, vector.at("strict_verify") == 1);
    EXPECT_EQ(result, first_reason(vector.at("strict_reasons"))) << to_string(result);
    only_reference += vector.at("ref_verify") != vector.at("strict_verify") ? 1 : 0;
  }
  EXPECT_EQ(only_reference, 6);
}

// The fuzz target's corpus: a file is a key, a signature and a message, and says in its name
// whether they fit.
TEST(SignatureCorpus, IsJudgedAsItsFilesAreNamed) {
  std::size_t judged = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(vector_path("corpus/fuzz_signature"))) {
    const std::string name = entry.path().filename();
    const bool is_good = name.starts_with("good-");
    const Bytes bytes = read_vector_file("corpus/fuzz_signature/" + name);
    if (bytes.size() >= 96 && (is_good || name.starts_with("bad-"))) {
      const ByteView all(bytes);
      EXPECT_EQ(result_of(all.first<32>(), all.subspan(96), Signature(all.subspan<32, 64>())) ==
                    SignatureResult::valid,
                is_good)
          << name;
      ++judged;
    }
  }
  EXPECT_GE(judged, 16U);
}

}  // namespace
}  // namespace keystone
