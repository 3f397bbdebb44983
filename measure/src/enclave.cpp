// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/enclave.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "keystone/measure/measured_stream.hpp"
#include "keystone/measure/measurer.hpp"

namespace keystone {
namespace {

// The memory that page steps from `begin` cover while they start below `end`.
Status add_steps(MeasureSink& sink, const MemoryView& memory, std::uint64_t begin,
                 std::uint64_t end) {
  const auto size = checked_round_up(end - begin, kPageSize);
  if (!size || (*size != 0 && !checked_add(begin, *size - 1))) {
    return fail(ErrorCode::malformed,
                "the region at " + to_hex_number(begin) + " wraps around the address space");
  }
  return sink.bytes(memory, begin, *size);
}

Status check_order(const LoaderWindow& window, Word word) {
  if (window.dram_base > window.runtime_base || window.runtime_base > window.user_base ||
      window.user_base > window.free_base) {
    return fail(ErrorCode::malformed,
                "boundaries: got " + to_hex_number(window.dram_base) + ", " +
                    to_hex_number(window.runtime_base) + ", " + to_hex_number(window.user_base) +
                    ", " + to_hex_number(window.free_base) + ", want them in ascending order");
  }
  if (word == Word::bits32 && window.free_base > UINT32_MAX) {
    return fail(ErrorCode::malformed, "the enclave does not fit a 32-bit address space");
  }
  return {};
}

Status add_window(MeasureSink& sink, const MemoryView& memory, const LoaderWindow& window,
                  Word word) {
  KEYSTONE_CHECK_OK(check_order(window, word));
  sink.word(window.runtime_base - window.dram_base, word);
  sink.word(window.user_base - window.runtime_base, word);
  sink.word(window.free_base - window.user_base, word);
  KEYSTONE_CHECK_OK(add_steps(sink, memory, window.dram_base, window.runtime_base));
  KEYSTONE_CHECK_OK(add_steps(sink, memory, window.runtime_base, window.user_base));
  return add_steps(sink, memory, window.user_base, window.free_base);
}

}  // namespace

Result<EnclaveHash> measure_window(const MemoryView& memory, const LoaderWindow& window,
                                   Word word) {
  KEYSTONE_TRY(auto measurer, Measurer::create());
  KEYSTONE_CHECK_OK(add_window(measurer, memory, window, word));
  return EnclaveHash(std::move(measurer).finish().bytes());
}

Result<Measurement> measure(const EnclaveImage& image) {
  KEYSTONE_TRY(const auto hash,
               measure_window(image.memory, image.window, info(image.profile).word));
  return Measurement{image.profile, hash};
}

Result<MeasuredStream> measured_stream(const EnclaveImage& image) {
  MeasuredStream stream;
  KEYSTONE_CHECK_OK(add_window(stream, image.memory, image.window, info(image.profile).word));
  return stream;
}

}  // namespace keystone
