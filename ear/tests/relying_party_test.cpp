// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/relying_party.hpp"

#include "tokens.hpp"
#include <keystone/testing/fails_with.hpp>

namespace keystone {
namespace {

using std::chrono::seconds;
using testing::fails_with;
using testing::Issuer;
using testing::kNow;

const std::vector<std::uint8_t> kNonce(32, 7);

AttestationResult accepted() {
  AttestationResult result;
  result.issued = kNow;
  result.expires = kNow + seconds(300);
  result.verifier = {"developer", "build"};
  result.nonce = kNonce;
  result.submods["sm"].status = TrustTier::affirming;
  return result;
}

Result<AttestationResult> read(const AttestationResult& result, const Issuer& by,
                               const JwkSet& keys, Instant now = kNow) {
  const auto token = jws_sign(to_json(result, EarForm::deployed), "k1", by.signer()).value();
  return read_ear_token(token, keys, {kNonce, now, seconds(60)});
}

TEST(ReadEarToken, GivesTheResult) {
  const Issuer issuer;
  EXPECT_EQ(read(accepted(), issuer, issuer.keys()), accepted());
}

TEST(ReadEarToken, BelievesNoOtherKey) {
  EXPECT_TRUE(
      fails_with(read(accepted(), Issuer(), Issuer().keys()), ErrorCode::malformed, "mismatch"));
  EXPECT_TRUE(fails_with(read(accepted(), Issuer(), Issuer().keys("k2")), ErrorCode::malformed,
                         "unknown_key"));
}

TEST(ReadEarToken, BelievesNoResultForAnotherNonce) {
  const Issuer issuer;
  AttestationResult result = accepted();
  result.nonce->back() ^= 1;
  EXPECT_TRUE(fails_with(read(result, issuer, issuer.keys()), ErrorCode::malformed, "eat_nonce"));
  result.nonce = std::vector<std::uint8_t>(kNonce.begin(), kNonce.end() - 1);
  EXPECT_TRUE(fails_with(read(result, issuer, issuer.keys()), ErrorCode::malformed, "eat_nonce"));
  result.nonce.reset();
  EXPECT_TRUE(fails_with(read(result, issuer, issuer.keys()), ErrorCode::malformed, "got none"));
}

TEST(ReadEarToken, BelievesNoResultOutOfItsTime) {
  const Issuer issuer;
  EXPECT_TRUE(fails_with(read(accepted(), issuer, issuer.keys(), kNow + seconds(360)),
                         ErrorCode::malformed, "expired"));
  EXPECT_TRUE(fails_with(read(accepted(), issuer, issuer.keys(), kNow - seconds(61)),
                         ErrorCode::malformed, "not_yet_valid"));
}

TEST(ReadEarToken, BelievesNoResultThatNeverEnds) {
  const Issuer issuer;
  AttestationResult result = accepted();
  result.expires.reset();
  EXPECT_TRUE(fails_with(read(result, issuer, issuer.keys()), ErrorCode::malformed, "exp"));
}

TEST(ReadEarToken, ReadsNoTokenOfSomethingElse) {
  const Issuer issuer;
  const auto token = jws_sign(R"({"sub":"somebody"})", "k1", issuer.signer()).value();
  EXPECT_TRUE(fails_with(read_ear_token(token, issuer.keys(), {kNonce, kNow, seconds(60)}),
                         ErrorCode::malformed, "eat_profile"));
}

}  // namespace
}  // namespace keystone
