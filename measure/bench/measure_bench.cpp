// SPDX-License-Identifier: Apache-2.0
// The measuring library against bare SHA3-512 over the same bytes, both from memory.
#include <keystone/crypto/digest.hpp>
#include <keystone/measure/enclave.hpp>
#include <keystone/measure/explain.hpp>
#include <keystone/measure/page_walk_image.hpp>

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
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

// A 64-bit ELF file: one load segment at `address` with these bytes, and one empty section.
std::vector<std::uint8_t> elf_of(const std::vector<std::uint8_t>& bytes, std::uint64_t address) {
  std::vector<std::uint8_t> file = {0x7f, 'E', 'L', 'F', 2, 1, 1};
  file.resize(16);
  const auto put = [&](std::size_t width, std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) {
      for (std::size_t i = 0; i < width; ++i) {
        file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
      }
    }
  };
  put(2, {2, 243});  // ET_EXEC, EM_RISCV
  put(4, {1});
  put(8, {address, 64, 64 + 56});  // entry, program headers, section headers
  put(4, {0});
  put(2, {64, 56, 1, 64, 1, 0});
  put(4, {1, 7});  // PT_LOAD, read, write and execute
  put(8, {keystone::kPageSize, address, address, bytes.size(), bytes.size(), keystone::kPageSize});
  file.resize(keystone::kPageSize);  // the section header is zeros
  file.insert(file.end(), bytes.begin(), bytes.end());
  return file;
}

constexpr auto kPageWalk = Profile::keystone_v1;

// The files of an enclave of the page walk: a large eapp and a small runtime.
struct PageWalkFiles {
  std::vector<std::uint8_t> eapp_bytes = elf_of(eapp(), 0x10000);
  std::vector<std::uint8_t> runtime_bytes =
      elf_of(std::vector<std::uint8_t>(keystone::kPageSize, 1), 0xffffffffc0000000);
  ArraySource eapp_source{eapp_bytes};
  ArraySource runtime_source{runtime_bytes};
  keystone::PageWalkInputs inputs{eapp_source, runtime_source};
};

// `use` of the enclave's image, again and again.
template <class Use>
void for_page_walk(benchmark::State& state, Use use) {
  static const PageWalkFiles files;
  for (auto _ : state) {
    const auto image =
        keystone::lay_out(files.inputs, kPageWalk, keystone::default_parameters(kPageWalk), {});
    if (!image || !use(files.inputs, *image)) {
      state.SkipWithError("the enclave cannot be measured");
      return;
    }
  }
  set_bytes(state);
}

void measure_page_walk(benchmark::State& state) {
  for_page_walk(state, [](const auto&, const auto& image) {
    auto measurement = keystone::measure(image);
    benchmark::DoNotOptimize(measurement);
    return measurement.has_value();
  });
}

void explain_page_walk(benchmark::State& state) {
  for_page_walk(state, [](const auto& inputs, const auto& image) {
    auto explanation = keystone::explain(inputs, image, {.pages = false});
    benchmark::DoNotOptimize(explanation);
    return explanation.has_value();
  });
}

void explain_page_walk_pages(benchmark::State& state) {
  for_page_walk(state, [](const auto& inputs, const auto& image) {
    auto explanation = keystone::explain(inputs, image, {.pages = true});
    benchmark::DoNotOptimize(explanation);
    return explanation.has_value();
  });
}

BENCHMARK(raw_sha3_512)->Unit(benchmark::kMillisecond);
BENCHMARK(measure_enclave)->Unit(benchmark::kMillisecond);
BENCHMARK(measure_page_walk)->Unit(benchmark::kMillisecond);
BENCHMARK(explain_page_walk)->Unit(benchmark::kMillisecond);
BENCHMARK(explain_page_walk_pages)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
