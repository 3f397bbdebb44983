// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/digest.hpp"
#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/profile.hpp"

#include <cstdint>
#include <vector>

namespace keystone {

// The running measurement: SHA3-512 over what is fed to it, one method for each kind of thing that
// a Keystone boot ROM or Security Monitor feeds.
class Measurer {
 public:
  // Fails with `internal` when the hash cannot be started.
  [[nodiscard]] static Result<Measurer> create();

  // One native word, little-endian. The value must fit in it.
  void word(std::uint64_t value, Word width);

  // The memory at [address, address + size).
  [[nodiscard]] Status bytes(const MemoryView& memory, std::uint64_t address, std::uint64_t size);

  [[nodiscard]] Digest512 finish() && { return std::move(hash_).finish(); }

 private:
  explicit Measurer(Sha3_512 hash) : hash_(std::move(hash)) {}

  Sha3_512 hash_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace keystone
