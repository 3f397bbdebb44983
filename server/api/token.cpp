// SPDX-License-Identifier: Apache-2.0
#include "api/token.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/wipe.hpp"

#include <array>
#include <utility>

namespace keystone::server {
namespace {

constexpr std::string_view kPrefix = "keystone_";  // so that scanners for leaked secrets find it
constexpr std::size_t kSecretSize = 32;            // bytes

void wipe_text(std::string& text) {
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

}  // namespace

BearerToken BearerToken::generate(const RandomSource& random) {
  std::array<std::uint8_t, kSecretSize> secret{};
  random(secret);
  std::string digits = base64::encode(secret, base64::Form::url);
  std::string text;
  text.reserve(kPrefix.size() + digits.size());  // no copy is left behind
  text.append(kPrefix).append(digits);
  wipe(secret);
  wipe_text(digits);
  return BearerToken(std::move(text));
}

BearerToken::~BearerToken() {
  wipe_text(text_);
}

BearerToken::BearerToken(BearerToken&& other) noexcept : text_(std::move(other.text_)) {
  wipe_text(other.text_);
}

BearerToken& BearerToken::operator=(BearerToken&& other) noexcept {
  std::swap(text_, other.text_);
  return *this;
}

Result<TokenHash> hash_of_token(std::string_view text) {
  KEYSTONE_TRY(auto hash, Sha256::create());
  hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return TokenHash(std::move(hash).finish().bytes());
}

}  // namespace keystone::server
