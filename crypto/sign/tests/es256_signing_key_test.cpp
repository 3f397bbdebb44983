// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto_sign/es256_signing_key.hpp"

#include <keystone/testing/fails_with.hpp>

#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace keystone {
namespace {

using testing::fails_with;

static_assert(!std::is_default_constructible_v<Es256SigningKey>);
static_assert(!std::is_copy_constructible_v<Es256SigningKey>);
static_assert(std::is_nothrow_move_constructible_v<Es256SigningKey>);

// The key of RFC 7515, section A.3.1, written by python3-cryptography.
constexpr std::string_view kPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"
    "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"
    "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"
    "-----END PRIVATE KEY-----\n";

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const SecretBytes& bytes) {
  return {bytes.bytes().begin(), bytes.bytes().end()};
}

TEST(Es256SigningKey, SignsWhatItsPublicKeyVerifies) {
  const auto key = Es256SigningKey::generate().value();
  for (const char* message : {"", "a", "a longer message"}) {
    const auto signature = key.sign(bytes_of(message)).value();
    EXPECT_EQ(es256_verify(key.public_key(), bytes_of(message), signature), true);
    EXPECT_EQ(es256_verify(key.public_key(), bytes_of("another"), signature), false);
  }
}

TEST(Es256SigningKey, IsAnotherOneEachTime) {
  const auto one = Es256SigningKey::generate().value();
  const auto other = Es256SigningKey::generate().value();
  EXPECT_FALSE(one.public_key() == other.public_key());
  EXPECT_EQ(es256_verify(other.public_key(), bytes_of("m"), one.sign(bytes_of("m")).value()),
            false);
}

// r and s are short in one of 128 signatures each: they keep their leading zeros.
TEST(Es256SigningKey, KeepsTheSizeOfSmallNumbers) {
  const auto key = Es256SigningKey::from_pem(bytes_of(kPem)).value();
  for (int i = 0; i < 1000; ++i) {
    const std::string message = std::to_string(i);
    const auto signature = key.sign(bytes_of(message)).value();
    ASSERT_EQ(es256_verify(key.public_key(), bytes_of(message), signature), true) << i;
  }
}

TEST(Es256SigningKey, ReadsAKeyFile) {
  const auto key = Es256SigningKey::from_pem(bytes_of(kPem));
  ASSERT_TRUE(testing::succeeds(key));
  EXPECT_EQ(hex::encode(key->public_key().x()),
            "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445");
  EXPECT_EQ(text_of(key->to_pem().value()), kPem);
}

TEST(Es256SigningKey, IsTheSameAfterItWasWrittenAndRead) {
  const auto key = Es256SigningKey::generate().value();
  const auto pem = key.to_pem().value();
  const auto again = Es256SigningKey::from_pem(pem.bytes()).value();
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_EQ(es256_verify(key.public_key(), bytes_of("m"), again.sign(bytes_of("m")).value()), true);
}

TEST(Es256SigningKey, TakesNoOtherKeyFile) {
  constexpr std::string_view kSec1 =
      "-----BEGIN EC PRIVATE KEY-----\n"
      "MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49\n"
      "AwEHoUQDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b\n"
      "focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
      "-----END EC PRIVATE KEY-----\n";
  constexpr std::string_view kEncrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgkdZ2zwm09UQICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIxIu3WsieInFxrHUAzc6/8EgZA3\n"
      "wR80HMufa5GoeiTHs/FAXy8+I1VayjcPDdR7t5iZvfAniugutYoFBwOvBc/3Rord\n"
      "OALiSDWquavWY55DGIfyrjkR7aW90pQeVUvuuYraHDGE29tRPqfcnOfMatvJUFiu\n"
      "S8WSS1nDbizwJT317ayv7+NSuUbv+7QiVztC7qMrHyA6Itqb44tfuLzd9xIgHJw=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  constexpr std::string_view kP384 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCgz4kYFEjwZClZHQeW\n"
      "wYqvJYHqsWrOP7TRVWlr5iTPtNo5Rvki3Ul3XDVZeuzzKHShZANiAAQRCWPE8yfG\n"
      "1f6UhX4GfSH9aj7+DFs76f1keH6jo8iTivGs+CoQ/L94VS74y9e1jtjlIAPyvwif\n"
      "wjTC2oKhCx0Un6lyHq7NRg5iVzy22tFBM4sr7MyEp/tYQ1ea/etstg4=\n"
      "-----END PRIVATE KEY-----\n";
  for (const auto text : {kSec1, kEncrypted, kP384, std::string_view(""), kPem.substr(0, 100)}) {
    EXPECT_TRUE(fails_with(Es256SigningKey::from_pem(bytes_of(text)), ErrorCode::malformed))
        << text;
  }
}

// The public half that a file brings along is believed by nobody.
TEST(Es256SigningKey, TakesNoFileWhoseHalvesDoNotBelongTogether) {
  std::string damaged(kPem);
  damaged[damaged.find("jpsQnnGQ") + 3] = 'R';
  EXPECT_TRUE(fails_with(Es256SigningKey::from_pem(bytes_of(damaged)), ErrorCode::malformed));
}

TEST(Es256SigningKey, SaysNothingOfTheKeyInAnError) {
  const auto failed = Es256SigningKey::from_pem(bytes_of(kPem.substr(0, kPem.size() - 30)));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message.find("jpsQ"), std::string::npos);
}

TEST(Es256SigningKey, SignsInSeveralThreadsAtOnce) {
  const auto key = Es256SigningKey::generate().value();
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&key, &count] {
      for (int i = 0; i < 50; ++i) {
        const std::string message = std::to_string(i);
        const auto signature = key.sign(bytes_of(message)).value();
        count += es256_verify(key.public_key(), bytes_of(message), signature).value() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace keystone
