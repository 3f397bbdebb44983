// SPDX-License-Identifier: Apache-2.0
// Verification of signatures against libsodium's public functions put together, which do less: they
// do not ask whether a key is in the prime-order group. Each benchmark verifies the same 64
// signatures, under 64 keys, of messages as long as the SM part of a report.
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto_sign/secret_key.hpp"
#include "signature_group.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace {

using keystone::SignatureJob;
using keystone::SignatureResult;
using keystone::detail::PointEngine;
using keystone::detail::ed25519::LanePath;
using Bytes32 = std::array<std::uint8_t, 32>;

constexpr std::size_t kCount = 64;

struct Signed {
  Bytes32 key;
  std::array<std::uint8_t, 96> message;
  keystone::Signature signature;
};

Signed make_signed(std::uint8_t number) {
  const auto secret = keystone::SecretKey::from_seed(Bytes32{number}).value();
  Signed made{{}, {}, keystone::Signature(std::array<std::uint8_t, 64>{})};
  made.message.fill(number);
  const auto key = secret.public_key();
  std::copy(key.begin(), key.end(), made.key.begin());
  made.signature = secret.sign(made.message).value();
  return made;
}

const std::vector<SignatureJob>& jobs() {
  static const std::vector<SignatureJob> made = [] {
    static std::vector<Signed> all;
    for (std::uint8_t i = 0; i < kCount; ++i) {
      all.push_back(make_signed(i));
    }
    std::vector<SignatureJob> list;
    for (const Signed& each : all) {
      list.push_back({each.key, each.message, each.signature.bytes(), true});
    }
    return list;
  }();
  return made;
}

bool libsodium_accepts(const SignatureJob& job) {
  const auto r = job.signature.first<32>();
  const auto s = job.signature.last<32>();
  if (!keystone::detail::ed25519::is_reduced(s)) {
    return false;
  }
  auto hash = keystone::Sha3_512::create();
  if (!hash) {
    return false;
  }
  hash->update(r);
  hash->update(job.public_key);
  hash->update(job.message);
  const auto digest = std::move(*hash).finish();
  Bytes32 k{};
  Bytes32 left{};
  Bytes32 right{};
  Bytes32 difference{};
  crypto_core_ed25519_scalar_reduce(k.data(), digest.bytes().data());
  return crypto_scalarmult_ed25519_base_noclamp(left.data(), s.data()) == 0 &&
         crypto_scalarmult_ed25519_noclamp(right.data(), k.data(), job.public_key.data()) == 0 &&
         crypto_core_ed25519_sub(difference.data(), left.data(), right.data()) == 0 &&
         std::equal(r.begin(), r.end(), difference.begin());
}

void verify_64_libsodium(benchmark::State& state) {
  for (auto _ : state) {
    if (!std::all_of(jobs().begin(), jobs().end(), libsodium_accepts)) {
      state.SkipWithError("libsodium refuses a good signature");
    }
  }
}
BENCHMARK(verify_64_libsodium)->Unit(benchmark::kMillisecond);

bool all_valid(const PointEngine& engine, std::span<const SignatureJob> some,
               const keystone::KeyTables* tables) {
  std::array<SignatureResult, kCount> results{};
  const auto room = std::span(results).first(some.size());
  return keystone::detail::verify_all(engine, some, room, tables) &&
         std::all_of(room.begin(), room.end(),
                     [](SignatureResult result) { return result == SignatureResult::valid; });
}

enum class Keys { any, recurring };
enum class At { once, one_by_one };

// Tables that have seen each key often.
const keystone::KeyTables& known_keys() {
  static const keystone::KeyTables tables = [] {
    const keystone::KeyTables made;
    for (int i = 0; i < 65; ++i) {
      (void)all_valid(keystone::detail::portable_engine(), jobs(), &made);
    }
    return made;
  }();
  return tables;
}

void verify_64(benchmark::State& state, const PointEngine* engine, Keys keys, At at) {
  if (engine == nullptr) {
    state.SkipWithError("this processor cannot");
    return;
  }
  const keystone::KeyTables* const tables = keys == Keys::recurring ? &known_keys() : nullptr;
  const std::size_t step = at == At::once ? kCount : 1;
  const std::span<const SignatureJob> all(jobs());
  for (auto _ : state) {
    for (std::size_t from = 0; from < kCount; from += step) {
      if (!all_valid(*engine, all.subspan(from, step), tables)) {
        state.SkipWithError("a good signature is refused");
      }
    }
  }
}

const PointEngine* const kPortable = &keystone::detail::portable_engine();
const PointEngine* const kForOne = &keystone::detail::engine_for_one();
const PointEngine* const kAvx2 = keystone::detail::lanes_engine(LanePath::avx2);
const PointEngine* const kIfma = keystone::detail::lanes_engine(LanePath::ifma);

BENCHMARK_CAPTURE(verify_64, any_one_by_one, kForOne, Keys::any, At::one_by_one)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, any_one_by_one_portable, kPortable, Keys::any, At::one_by_one)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, any_avx2, kAvx2, Keys::any, At::once)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, any_ifma, kIfma, Keys::any, At::once)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, recurring_one_by_one, kForOne, Keys::recurring, At::one_by_one)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, recurring_one_by_one_portable, kPortable, Keys::recurring,
                  At::one_by_one)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, recurring_portable, kPortable, Keys::recurring, At::once)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, recurring_avx2, kAvx2, Keys::recurring, At::once)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_64, recurring_ifma, kIfma, Keys::recurring, At::once)
    ->Unit(benchmark::kMillisecond);

// Many times the 64 by so many threads, which take them as a batch's blocks are taken; by the clock
// on the wall.
void verify_threads(benchmark::State& state) {
  constexpr int kRounds = 8000;
  const auto threads = static_cast<int>(state.range(0));
  (void)known_keys();
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    std::atomic<int> next = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([&] {
        while (next++ < kRounds) {
          benchmark::DoNotOptimize(
              all_valid(keystone::detail::engine_for_many(), jobs(), &known_keys()));
        }
      });
    }
    for (std::thread& worker : workers) {
      worker.join();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
  }
}
BENCHMARK(verify_threads)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
