// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/issuer.hpp"
#include "store/records.hpp"

#include <string>
#include <string_view>

// Bearer tokens. Only its owner has a token; the store has its hash.
namespace keystone::server {

// A token: `keystone_` and 43 digits of base64url, 256 random bits. Move-only and wiped; it is
// written to the one place that its owner reads, and nowhere else.
class BearerToken {
 public:
  [[nodiscard]] static BearerToken generate(const RandomSource& random);
  ~BearerToken();
  BearerToken(BearerToken&& other) noexcept;
  BearerToken& operator=(BearerToken&& other) noexcept;

  // As it goes into `Authorization: Bearer`, as long as this object lives.
  [[nodiscard]] std::string_view expose_text() const { return text_; }

 private:
  explicit BearerToken(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// What the store has of a token: SHA-256 over its text. With 256 random bits it needs neither salt
// nor stretching. `internal` when the hash function cannot run.
[[nodiscard]] Result<TokenHash> hash_of_token(std::string_view text);

}  // namespace keystone::server
