// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/es256.hpp"

#include "es256_handle.hpp"
#include "library_context.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

namespace keystone {
namespace detail {
namespace {

constexpr char kProvider[] = "provider=default";
constexpr char kGroup[] = "prime256v1";  // P-256 in OpenSSL
constexpr std::uint8_t kUncompressed = 4;
constexpr std::size_t kPointSize = 1 + 2 * kEs256Half;

// The order of P-256's base point: NIST SP 800-186, section 3.2.1.3.
constexpr std::array<std::uint8_t, kEs256Half> kOrder = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

using SignaturePointer = std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>>;
using PkeyContextPointer = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;

tl::unexpected<Error> cannot_run() {
  return fail(ErrorCode::internal, "the cryptographic library cannot run ES256");
}

// From 1 to n - 1.
bool is_in_range(ByteView number) {
  const bool is_zero =
      std::all_of(number.begin(), number.end(), [](auto byte) { return byte == 0; });
  return !is_zero &&
         std::lexicographical_compare(number.begin(), number.end(), kOrder.begin(), kOrder.end());
}

// The signature as OpenSSL takes it; empty if there is no memory.
std::vector<std::uint8_t> to_der(const Es256Signature& signature) {
  const ByteView bytes = signature.bytes();
  const SignaturePointer pair(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(bytes.data(), kEs256Half, nullptr);
  BIGNUM* const s = BN_bin2bn(bytes.data() + kEs256Half, kEs256Half, nullptr);
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  std::vector<std::uint8_t> der(72);  // the longest that there is of such numbers
  auto* end = der.data();
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  der.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return der;
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 32> group{};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == kGroup;
}

// A point of the curve and, if there is a secret, the one that belongs to it.
bool is_sound(EVP_PKEY* key, int selection) {
  const PkeyContextPointer context(EVP_PKEY_CTX_new_from_pkey(library_context(), key, kProvider));
  const auto check = selection == EVP_PKEY_PUBLIC_KEY ? EVP_PKEY_public_check : EVP_PKEY_check;
  return context != nullptr && check(context.get()) == 1;
}

// Whether a text holds one block of PEM with that label, and nothing beside it but line feeds: what
// follows would be left unread, and of other labels the decoder takes more than one.
bool is_one_block(ByteView text, const std::string& label) {
  const std::string begin = "-----BEGIN " + label + "-----\n";
  const std::string end = "\n-----END " + label + "-----";
  std::string_view view(reinterpret_cast<const char*>(text.data()), text.size());
  while (view.ends_with('\n')) {
    view.remove_suffix(1);
  }
  return view.starts_with(begin) && view.ends_with(end) &&
         view.find("-----BEGIN", 1) == std::string_view::npos;
}

}  // namespace

PkeyPointer read_es256_pem(ByteView text, int selection) {
  const bool is_public = selection == EVP_PKEY_PUBLIC_KEY;
  const char* const structure = is_public ? "SubjectPublicKeyInfo" : "PrivateKeyInfo";
  const ErrorsUntouched untouched;
  EVP_PKEY* key = nullptr;
  const std::unique_ptr<OSSL_DECODER_CTX, OpensslFree<OSSL_DECODER_CTX_free>> decoder(
      OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", structure, "EC", selection, library_context(),
                                    kProvider));
  const unsigned char* data = text.data();
  std::size_t size = text.size();
  const bool is_read = decoder != nullptr &&
                       is_one_block(text, is_public ? "PUBLIC KEY" : "PRIVATE KEY") &&
                       OSSL_DECODER_from_data(decoder.get(), &data, &size) == 1;
  PkeyPointer owned(key);
  if (!is_read || owned == nullptr || !is_p256(owned.get()) || !is_sound(owned.get(), selection)) {
    return nullptr;
  }
  return owned;
}

bool write_es256_point(const EVP_PKEY* key, std::span<std::uint8_t, 2 * kEs256Half> point) {
  const auto write = [key](const char* name, std::uint8_t* out) {
    BIGNUM* number = nullptr;
    const bool is_there = EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
                          BN_bn2binpad(number, out, kEs256Half) == int{kEs256Half};
    BN_free(number);
    return is_there;
  };
  const ErrorsUntouched untouched;
  return write(OSSL_PKEY_PARAM_EC_PUB_X, point.data()) &&
         write(OSSL_PKEY_PARAM_EC_PUB_Y, point.data() + kEs256Half);
}

}  // namespace detail

using namespace detail;

Result<Es256PublicKey> Es256PublicKey::from_coordinates(Coordinate x, Coordinate y) {
  const ErrorsUntouched untouched;
  const PkeyContextPointer context(EVP_PKEY_CTX_new_from_name(library_context(), "EC", kProvider));
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) {
    return cannot_run();
  }
  Es256PublicKey key;
  std::copy(x.begin(), x.end(), key.point_.begin());
  std::copy(y.begin(), y.end(), key.point_.begin() + kCoordinateSize);
  std::array<std::uint8_t, kPointSize> encoded = {kUncompressed};
  std::copy(key.point_.begin(), key.point_.end(), encoded.begin() + 1);
  std::string group = kGroup;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* made = nullptr;
  const bool is_point =
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
  PkeyPointer owned(made);
  if (!is_point || !is_sound(owned.get(), EVP_PKEY_PUBLIC_KEY)) {
    return fail(ErrorCode::malformed, "ES256 key: got coordinates of no point of P-256");
  }
  key.handle_ = std::shared_ptr<void>(owned.release(), OpensslFree<EVP_PKEY_free>());
  return key;
}

Result<Es256PublicKey> Es256PublicKey::from_pem(std::string_view text) {
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const auto read = text.size() <= kMaxPem ? read_es256_pem(bytes, EVP_PKEY_PUBLIC_KEY) : nullptr;
  std::array<std::uint8_t, 2 * kCoordinateSize> point{};
  if (read == nullptr || !write_es256_point(read.get(), point)) {
    return fail(ErrorCode::malformed, "ES256 key: want one public key of P-256 in PEM");
  }
  return from_coordinates(Coordinate(point.data(), kCoordinateSize),
                          Coordinate(point.data() + kCoordinateSize, kCoordinateSize));
}

Result<bool> es256_verify(const Es256PublicKey& key, ByteView message,
                          const Es256Signature& signature) {
  const ByteView bytes = signature.bytes();
  if (!is_in_range(bytes.first(kEs256Half)) || !is_in_range(bytes.last(kEs256Half))) {
    return false;
  }
  const ErrorsUntouched untouched;
  const auto der = to_der(signature);
  const MdContextPointer context(EVP_MD_CTX_new());
  auto* const pkey = static_cast<EVP_PKEY*>(key.handle_.get());
  if (der.empty() || context == nullptr ||
      EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA2-256", library_context(), kProvider,
                              pkey, nullptr) != 1) {
    return cannot_run();
  }
  const int answer =
      EVP_DigestVerify(context.get(), der.data(), der.size(), message.data(), message.size());
  return answer == 0 || answer == 1 ? Result<bool>(answer == 1) : cannot_run();
}

}  // namespace keystone
