// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/hkdf.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/mac.hpp"
#include "keystone/crypto/wipe.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace keystone {
namespace {

constexpr std::size_t kBlock = 64;
static_assert(kMaxHkdfOutput == 255 * kBlock);

// Wipes secrets on every way out.
struct Wiper {
  std::span<std::uint8_t> secret;
  ~Wiper() { wipe(secret); }
};

}  // namespace

Status hkdf_sha3_512(ByteView secret, ByteView info, std::span<std::uint8_t> out) {
  KEYSTONE_ASSERT(out.size() <= kMaxHkdfOutput);
  constexpr std::array<std::uint8_t, kBlock> kSalt{};
  std::array<std::uint8_t, kBlock> key{};
  const Wiper key_wiper{key};
  KEYSTONE_CHECK_OK(hmac_sha3_512(kSalt, secret, key));

  // Block i is HMAC(key, block i - 1 || info || i), from an empty block 0.
  std::array<std::uint8_t, kBlock> block{};
  const Wiper block_wiper{block};
  std::vector<std::uint8_t> message(kBlock + info.size() + 1);
  const Wiper message_wiper{message};
  std::copy(info.begin(), info.end(), message.begin() + kBlock);
  std::size_t skipped = kBlock;
  for (std::uint8_t number = 1; !out.empty(); ++number) {
    message.back() = number;
    KEYSTONE_CHECK_OK(hmac_sha3_512(key, ByteView(message).subspan(skipped), block));
    const std::size_t count = std::min(kBlock, out.size());
    std::copy_n(block.begin(), count, out.begin());
    out = out.subspan(count);
    std::copy(block.begin(), block.end(), message.begin());
    skipped = 0;
  }
  return {};
}

}  // namespace keystone
