// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/digests.hpp"

#include <cstddef>
#include <cstdint>

// What is behind digests.hpp. Here the path is an argument, so that tests can take each of them.
namespace keystone::detail::sha3 {

enum class Path : std::uint8_t {
  portable,  // one message after another, by OpenSSL
  avx2,      // 4 lanes of 256 bits
  avx512,    // 8 lanes of 512 bits; for the last 4 messages, 4 lanes of 256
};

// Whether this build, the processor and its system can take it.
[[nodiscard]] bool is_available(Path path);

// The fastest that is available: what digests.hpp takes.
[[nodiscard]] Path best_path();

// As the functions of these names in digests.hpp. The path must be available.
[[nodiscard]] std::size_t digest_lanes(Path path);
[[nodiscard]] Status sha3_512_many(Path path, std::span<const ByteView> messages,
                                   std::span<Digest512> digests);
void sha3_512_streams(Path path, const NextStream& next, std::size_t most_at_once);

}  // namespace keystone::detail::sha3
