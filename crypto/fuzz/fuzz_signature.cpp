// SPDX-License-Identifier: Apache-2.0
// Bytes are a key, a signature, a message. What is valid is accepted by Keystone's own verifier,
// too, and the owner of the key signed it: the one key whose secret is known here, so that to sign
// again gives the same bytes. A valid signature that was made from another is a finding.
#include "keystone/base/assert.hpp"
#include "keystone/crypto/signature.hpp"
#include "keystone/crypto_compat/reference.hpp"
#include "keystone/crypto_sign/secret_key.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace {

// Of the key that upstream publishes for tests: bootrom/test_dev_key.h of keystone 88c49ee.
const keystone::SecretKey& owner() {
  constexpr std::string_view kSecret =
      "40a099478ccefa3a0663abc95e7a1ec954b4f5f645bad804db13e7d7826c7073"
      "576a9ab62160d9d1c6aedc29852fb960ee5132835a1689ec06a8723451aa0e4a";
  static const auto key = keystone::SecretKey::from_expanded(
      keystone::FixedBytes<struct Secret, 64>::from_hex("secret", kSecret).value().bytes());
  return key;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  if (input.size() < 96) {
    return;
  }
  const auto key = input.first<32>();
  const Signature signature(input.subspan<32, 64>());
  const ByteView message = input.subspan(96);
  if (verify_signature(key, message, signature).value() != SignatureResult::valid) {
    return;
  }
  KEYSTONE_ASSERT(compat::reference_accepts(key, message, signature));
  KEYSTONE_ASSERT(std::ranges::equal(key, owner().public_key()));
  KEYSTONE_ASSERT(owner().sign(message).value() == signature);
}
