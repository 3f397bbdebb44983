// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/digest.hpp"
#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/profile.hpp"

#include <cstdint>
#include <vector>

namespace keystone {

// What is measured, in its order: one method for each kind of thing that a Keystone boot ROM or
// Security Monitor hashes.
class MeasureSink {
 public:
  // One native word, little-endian. The value must fit in it.
  virtual void word(std::uint64_t value, Word width) = 0;

  // The memory at [address, address + size).
  [[nodiscard]] virtual Status bytes(const MemoryView& memory, std::uint64_t address,
                                     std::uint64_t size) = 0;

 protected:
  MeasureSink() = default;
  MeasureSink(const MeasureSink&) = default;
  MeasureSink(MeasureSink&&) = default;
  MeasureSink& operator=(const MeasureSink&) = default;
  MeasureSink& operator=(MeasureSink&&) = default;
  ~MeasureSink() = default;
};

// The running measurement: SHA3-512 over what is fed to it. bytes() reads the memory at once, and
// fails with its Errors.
class Measurer final : public MeasureSink {
 public:
  // Fails with `internal` when the hash cannot be started.
  [[nodiscard]] static Result<Measurer> create();

  void word(std::uint64_t value, Word width) override;
  [[nodiscard]] Status bytes(const MemoryView& memory, std::uint64_t address,
                             std::uint64_t size) override;

  [[nodiscard]] Digest512 finish() && { return std::move(hash_).finish(); }

 private:
  explicit Measurer(Sha3_512 hash) : hash_(std::move(hash)) {}

  Sha3_512 hash_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace keystone
