// SPDX-License-Identifier: Apache-2.0
// HMAC over the project's own hash: OpenSSL's looks its parts up by name for every message.
#include "keystone/crypto/mac.hpp"

#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/secret_bytes.hpp"

#include <algorithm>

#include <sodium/utils.h>

namespace keystone {
namespace {

constexpr std::size_t kBlock = 72;        // bytes that SHA3-512 takes at a time
constexpr std::uint8_t kInnerPad = 0x36;  // RFC 2104, section 2
constexpr std::uint8_t kOuterPad = 0x5c;

// The hash of a block of the key, each byte of it xor `pad`, and of `message`.
Status hash_with_key(const SecretArray<kBlock>& key, std::uint8_t pad, ByteView message,
                     std::span<std::uint8_t, 64> out) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  SecretArray<kBlock> block;
  std::transform(key.bytes.begin(), key.bytes.end(), block.bytes.begin(),
                 [&](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ pad); });
  hash.update(block.bytes);
  hash.update(message);
  std::move(hash).finish_into(out);
  return {};
}

// The key with zeros up to a block; one that is longer is hashed first.
Status fill_block(ByteView key, SecretArray<kBlock>& block) {
  if (key.size() <= kBlock) {
    std::copy(key.begin(), key.end(), block.bytes.begin());
    return {};
  }
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(key);
  std::move(hash).finish_into(std::span(block.bytes).first<64>());
  return {};
}

}  // namespace

Status hmac_sha3_512(ByteView key, ByteView message, std::span<std::uint8_t, 64> out) {
  SecretArray<kBlock> block;
  SecretArray<64> inner;
  KEYSTONE_CHECK_OK(fill_block(key, block));
  KEYSTONE_CHECK_OK(hash_with_key(block, kInnerPad, message, inner.bytes));
  return hash_with_key(block, kOuterPad, inner.bytes, out);
}

bool equal_in_constant_time(ByteView left, ByteView right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace keystone
