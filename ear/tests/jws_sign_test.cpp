// SPDX-License-Identifier: Apache-2.0
#include "keystone/ear/jws.hpp"
#include "tokens.hpp"
#include <keystone/testing/fails_with.hpp>

namespace keystone {
namespace {

using std::chrono::seconds;
using testing::fails_with;
using testing::Issuer;
using testing::kHeader;
using testing::kNow;
using testing::url;

TEST(JwsSign, MakesWhatVerifies) {
  const Issuer issuer;
  const auto token = jws_sign(R"({"a":1})", "k1", issuer.signer()).value();
  EXPECT_TRUE(token.starts_with(url(kHeader) + "."));
  const auto checked = jws_verify(token, issuer.keys(), kNow, seconds(0)).value();
  EXPECT_EQ(checked.result, JwsResult::valid);
  EXPECT_EQ(checked.payload, R"({"a":1})");
  EXPECT_EQ(checked.kid, "k1");
}

TEST(JwsSign, TakesNoNameThatIsNone) {
  const Issuer issuer;
  for (const std::string& kid : {std::string(), std::string("a\nb"), std::string(257, 'a')}) {
    EXPECT_TRUE(fails_with(jws_sign("{}", kid, issuer.signer()), ErrorCode::usage)) << kid;
  }
}

TEST(JwsSign, MakesNoTokenThatNobodyReads) {
  const Issuer issuer;
  EXPECT_TRUE(
      fails_with(jws_sign(std::string(kMaxToken, ' '), "k1", issuer.signer()), ErrorCode::usage));
}

TEST(JwsSign, FailsAsItsSignerDoes) {
  const JwsSigner broken = [](ByteView) -> Result<Es256Signature> {
    return fail(ErrorCode::unreachable, "the key is elsewhere");
  };
  EXPECT_TRUE(fails_with(jws_sign("{}", "k1", broken), ErrorCode::unreachable));
}

}  // namespace
}  // namespace keystone
