// SPDX-License-Identifier: Apache-2.0
// Bytes are a token. The one whose signature is right is the published one of RFC 7515: nothing
// else may be valid, nor that one in another spelling.
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/ear/jws.hpp"
#include "keystone/testing/fuzz.hpp"
#include "tokens.hpp"

namespace {

const keystone::JwkSet& published_key() {
  static const keystone::JwkSet set = [] {
    keystone::JwkSet made;
    KEYSTONE_ASSERT(made.add(*keystone::parse_jwk(keystone::testing::kRfc7515Key)));
    return made;
  }();
  return set;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const std::string_view token(reinterpret_cast<const char*>(input.data()), input.size());
  const auto checked =
      jws_verify(token, published_key(), testing::kBeforeRfc7515, std::chrono::seconds(0));
  if (!checked) {
    const std::string& message = checked.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    return;
  }
  KEYSTONE_ASSERT(checked->result != JwsResult::valid || token == testing::kRfc7515Token);
  KEYSTONE_ASSERT(checked->payload.empty() == (checked->result != JwsResult::valid));
}
