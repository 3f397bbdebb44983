// SPDX-License-Identifier: Apache-2.0
// The measuring library against bare SHA3-512 over the same bytes, both from memory.
#include <keystone/crypto/digest.hpp>
#include <keystone/measure/enclave.hpp>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using keystone::ArraySource;
using keystone::Profile;

constexpr std::size_t kEappSize = std::size_t{64} << 20U;

const std::vector<std::uint8_t>& eapp() {
  static const std::vector<std::uint8_t> bytes = [] {
    std::vector<std::uint8_t> made(kEappSize);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : made) {
      state = state * 1664525U + 1013904223U;  // any bytes do: SHA3's time does not depend on them
      byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return made;
  }();
  return bytes;
}

void set_bytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(kEappSize));
}

void raw_sha3_512(benchmark::State& state) {
  const auto& bytes = eapp();
  for (auto _ : state) {
    auto digest = keystone::sha3_512(bytes);
    benchmark::DoNotOptimize(digest);
  }
  set_bytes(state);
}

void measure_enclave(benchmark::State& state) {
  const ArraySource big(eapp());
  const std::vector<std::uint8_t> page(keystone::kPageSize, 1);
  const ArraySource small(page);
  for (auto _ : state) {
    const auto image = keystone::lay_out({big, small, small}, Profile::keystone_loader_rv64);
    auto measurement = image ? keystone::measure(*image) : keystone::fail(image.error());
    if (!measurement) {
      state.SkipWithError("the enclave cannot be measured");
      return;
    }
    benchmark::DoNotOptimize(measurement);
  }
  set_bytes(state);
}

BENCHMARK(raw_sha3_512)->Unit(benchmark::kMillisecond);
BENCHMARK(measure_enclave)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
