// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/hashes.hpp"
#include "keystone/base/result.hpp"

#include <memory>

namespace keystone {

// What SHA3-512 answers. It becomes an EnclaveHash, an SmHash or a key seed at one named place
// each.
using Digest512 = FixedBytes<struct Digest512Role, 64>;

namespace detail {

// One running hash of the backend (OpenSSL's EVP, default provider, in a library context of our
// own: no configuration file and no environment variable reaches it).
class EvpHash {
 public:
  enum class Algorithm { sha3_512, sha256 };

  // Fails with `internal` when the backend lacks memory or the algorithm.
  [[nodiscard]] static Result<EvpHash> create(Algorithm algorithm);

  void update(ByteView bytes);
  void finish(std::span<std::uint8_t> digest);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  explicit EvpHash(void* context) : context_(context) {}
  std::unique_ptr<void, Free> context_;
};

}  // namespace detail

// SHA3-512 (FIPS 202, rate 72 bytes, output 64) over bytes that arrive in pieces; how they are cut
// does not matter. Move-only.
class Sha3_512 {
 public:
  // Fails with `internal` when the backend cannot run.
  [[nodiscard]] static Result<Sha3_512> create();

  void update(ByteView bytes) { hash_.update(bytes); }

  // The digest of all bytes so far. The object is used up: afterwards it may only be destroyed.
  [[nodiscard]] Digest512 finish() &&;

  // The same for a digest that is secret: into memory that its owner wipes.
  void finish_into(std::span<std::uint8_t, 64> digest) &&;

 private:
  explicit Sha3_512(detail::EvpHash hash) : hash_(std::move(hash)) {}
  detail::EvpHash hash_;
};

// SHA3-512 of bytes that are all there.
[[nodiscard]] Result<Digest512> sha3_512(ByteView bytes);

// SHA-256 (FIPS 180-4), by which golden files name their inputs. As Sha3_512 in every respect.
class Sha256 {
 public:
  [[nodiscard]] static Result<Sha256> create();
  void update(ByteView bytes) { hash_.update(bytes); }
  [[nodiscard]] FileDigest finish() &&;

 private:
  explicit Sha256(detail::EvpHash hash) : hash_(std::move(hash)) {}
  detail::EvpHash hash_;
};

}  // namespace keystone
