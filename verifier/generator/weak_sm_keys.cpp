// SPDX-License-Identifier: Apache-2.0
// Prints, as C++, every public key that Keystone's boot ROM can derive for a Security Monitor. Its
// seed is SHA3-512 over one byte of the device secret and one byte of the SM hash (bootrom/
// bootloader.c, keystone 88c49ee, takes sizeof of an array's element); clamping makes the first a
// multiple of 8.
#include "keystone/base/hex.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto_sign/secret_key.hpp"

#include <array>
#include <cstdio>
#include <set>

namespace {

using PublicKey = std::array<std::uint8_t, 32>;

keystone::Result<PublicKey> derive(std::uint8_t secret_byte, std::uint8_t hash_byte) {
  KEYSTONE_TRY(const auto digest, keystone::sha3_512(std::array{secret_byte, hash_byte}));
  KEYSTONE_TRY(const auto key, keystone::SecretKey::from_seed(digest.bytes().first<32>()));
  return key.public_key();
}

keystone::Result<std::set<PublicKey>> derive_all() {
  std::set<PublicKey> keys;
  for (unsigned secret_byte = 0; secret_byte < 256; secret_byte += 8) {
    for (unsigned hash_byte = 0; hash_byte < 256; ++hash_byte) {
      KEYSTONE_TRY(const auto key, derive(static_cast<std::uint8_t>(secret_byte),
                                          static_cast<std::uint8_t>(hash_byte)));
      keys.insert(key);
    }
  }
  return keys;
}

void print(const std::set<PublicKey>& keys) {
  std::puts(
      "// Written by generator/weak_sm_keys.cpp.\n"
      "#include \"weak_sm_keys.hpp\"\n\n"
      "namespace keystone::detail {\n\n"
      "const std::array<WeakSmKey, kWeakSmKeyCount> kWeakSmKeys = {{");
  for (const PublicKey& key : keys) {
    std::fputs("    {", stdout);
    for (const std::uint8_t byte : key) {
      std::printf("%d,", byte);
    }
    std::puts("},");
  }
  std::puts("}};\n\n}  // namespace keystone::detail");
}

}  // namespace

int main() {
  const auto keys = derive_all();
  if (!keys) {
    std::fprintf(stderr, "weak_sm_keys: %s\n", keys.error().message.c_str());
    return 1;
  }
  print(*keys);
  return std::fflush(stdout) == 0 ? 0 : 1;
}
