// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/enclave.hpp"
#include "keystone/measure/measurer.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "keystone/measure/sm.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace keystone {

// All that one measurement hashes, to be read piece by piece: so that many can be hashed side by
// side (keystone/crypto/digests.hpp). The hash is the SHA3-512 of what read() gives.
class MeasuredStream final : public MeasureSink {
 public:
  void word(std::uint64_t value, Word width) override;

  // Reads nothing yet and never fails. The memory must outlive this, and stay where it is. Memory
  // that continues what was added last takes no room of its own.
  [[nodiscard]] Status bytes(const MemoryView& memory, std::uint64_t address,
                             std::uint64_t size) override;

  // Fills `out` with the next bytes and returns how many these are: all of out.size(), or fewer if
  // the stream ends there. Fails with the memory's Errors; what comes next is then unspecified.
  [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> out);

 private:
  // A piece of memory; or a word, which has none: its value and its size.
  struct Part {
    const MemoryView* memory;
    std::uint64_t address;
    std::uint64_t size;
  };

  [[nodiscard]] Status read_part(const Part& part, std::uint64_t from,
                                 std::span<std::uint8_t> out) const;

  std::vector<Part> parts_;
  std::size_t part_ = 0;    // the one that is being read
  std::uint64_t done_ = 0;  // bytes of it that were
};

// What measure() hashes of the image, which must outlive the stream and stay where it is. Fails as
// measure() does for what the Security Monitor refuses, and with the Errors of the page tables'
// memory.
[[nodiscard]] Result<MeasuredStream> measured_stream(const EnclaveImage& image);
[[nodiscard]] Result<MeasuredStream> measured_stream(const PageWalkImage& image);

// What measure_sm() hashes of it; likewise.
[[nodiscard]] Result<MeasuredStream> measured_stream(const SmImage& image);

}  // namespace keystone
