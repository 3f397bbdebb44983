// SPDX-License-Identifier: Apache-2.0
// A report of the emulated monitor against the one signature in it, over the same bytes.
#include <keystone/emulator/security_monitor.hpp>

#include <array>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using keystone::SecurityMonitor;

constexpr std::uint64_t kBase = 0x90000000;
const std::vector<std::uint8_t> kNonce(32, 9);

keystone::BootedSm booted() {
  const auto key = keystone::DeviceKey::from_seed(std::array<std::uint8_t, 32>{7}).value();
  const keystone::SmHash hash(std::array<std::uint8_t, keystone::SmHash::kSize>{1});
  return keystone::boot(key, hash, keystone::BootRom::sound).value();
}

// A monitor with one enclave.
struct Machine {
  Machine() : monitor(booted(), memory, {}) {
    keystone::CreateArguments arguments{};
    arguments.epm_base = arguments.runtime_base = arguments.user_base = kBase;
    arguments.epm_size = 0x10000;
    arguments.utm_base = kBase + 0x10000;
    arguments.utm_size = 0x1000;
    arguments.free_base = kBase + 0x1000;
    ready = memory.add(kBase, 0x20000) && monitor.create(arguments)->hash;
  }

  keystone::PhysicalMemory memory;
  SecurityMonitor monitor;
  bool ready = false;
};

void bare_signature(benchmark::State& state) {
  Machine machine;
  const keystone::BootedSm sm = booted();
  const auto report = machine.monitor.attest(0, kNonce)->report.value();
  for (auto _ : state) {
    auto signature = sm.sm_key.sign(report.signed_by_sm());
    benchmark::DoNotOptimize(signature);
  }
}

void attest(benchmark::State& state) {
  const Machine machine;
  for (auto _ : state) {
    auto attested = machine.monitor.attest(0, kNonce);
    if (!machine.ready || !attested || !attested->report) {
      state.SkipWithError("the enclave cannot be attested");
      return;
    }
    benchmark::DoNotOptimize(attested);
  }
}

BENCHMARK(bare_signature)->Unit(benchmark::kMicrosecond);
BENCHMARK(attest)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
