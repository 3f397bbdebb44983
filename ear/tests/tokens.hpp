// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/assert.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/crypto_sign/es256_signing_key.hpp"
#include "keystone/ear/jws.hpp"
#include "setting.hpp"

#include <string>
#include <string_view>

namespace keystone::testing {

// RFC 7515, section A.3: the public key and the token. Its claims end at 1300819380.
inline constexpr std::string_view kRfc7515Key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
inline constexpr std::string_view kRfc7515Token =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
    "pmWQxfKTUJqPP3-Kg6NU1Q";
inline constexpr Instant kBeforeRfc7515 = Instant(std::chrono::seconds(1'300'819'379));

[[nodiscard]] inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string url(std::string_view text) {
  return base64::encode(bytes_of(text), base64::Form::url);
}

// Of every token that an Issuer signs.
inline constexpr std::string_view kHeader = R"({"alg":"ES256","kid":"k1","typ":"JWT"})";

// Who signs, and who knows it by the name `k1`.
struct Issuer {
  Es256SigningKey key = Es256SigningKey::generate().value();

  [[nodiscard]] JwkSet keys(std::string kid = "k1") const {
    JwkSet set;
    KEYSTONE_ASSERT(set.add({std::move(kid), key.public_key()}));
    return set;
  }
  [[nodiscard]] JwsSigner signer() const {
    return [this](ByteView message) { return key.sign(message); };
  }
  // A token with any header at all, whose signature is right.
  [[nodiscard]] std::string token(std::string_view header, std::string_view payload) const {
    const std::string text = url(header) + "." + url(payload);
    return text + "." + base64::encode(key.sign(bytes_of(text)).value().bytes(), base64::Form::url);
  }
};

}  // namespace keystone::testing
