// SPDX-License-Identifier: Apache-2.0
// A whole report, from its bytes to the verdict, against its two signatures by libsodium's public
// functions put together: for the reports of 64 devices, all of which were seen before.
#include <keystone/crypto/digest.hpp>
#include <keystone/crypto_sign/secret_key.hpp>
#include <keystone/verifier/verifier.hpp>

#include <algorithm>
#include <array>
#include <chrono>

#include <benchmark/benchmark.h>
#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

namespace {

using namespace keystone;
using Bytes = std::vector<std::uint8_t>;
using Bytes32 = std::array<std::uint8_t, 32>;

constexpr std::size_t kReports = 64;
constexpr Instant kNow = Instant(std::chrono::seconds(1'780'315'200));

SecretKey key_of(std::uint8_t who, std::uint8_t number) {
  return SecretKey::from_seed(Bytes32{who, number}).value();
}

// What reports of the same devices, firmware and enclave are verified with.
struct Setting {
  Nonce nonce = Nonce::from(Bytes(32, 7)).value();
  std::vector<Bytes> reports;
  Policy policy;
  std::vector<Challenge> challenges;

  Setting() {
    const SmHash sm_hash(std::array<std::uint8_t, 64>{1});
    const EnclaveHash enclave_hash(std::array<std::uint8_t, 64>{2});
    policy.security_monitors.push_back({"monitor", {}, sm_hash, {}, {}});
    policy.enclaves.push_back({"enclave", {}, enclave_hash, {}, {}});
    const ChallengeTime open = {kNow, kNow + std::chrono::seconds(60),
                                ChallengeTime::Standing::open};
    challenges.assign(kReports, Challenge::exact_nonce(nonce).at(open));
    for (std::uint8_t i = 0; i < kReports; ++i) {
      add_device(i, sm_hash, enclave_hash);
    }
  }

 private:
  void add_device(std::uint8_t i, const SmHash& sm_hash, const EnclaveHash& enclave_hash) {
    const SecretKey device = key_of(1, i);
    const SecretKey monitor = key_of(2, i);
    const Signature none(std::array<std::uint8_t, Signature::kSize>{});
    const DevicePublicKey device_key(device.public_key());
    const SmPublicKey sm_key(monitor.public_key());
    const Bytes data(nonce.bytes().begin(), nonce.bytes().end());
    ReportFields fields{enclave_hash, data, none, sm_hash, sm_key, none, device_key};
    const Report unsigned_report = Report::from_fields(fields).value();
    fields.sm_signature = device.sign(unsigned_report.signed_by_device()).value();
    fields.enclave_signature = monitor.sign(unsigned_report.signed_by_sm()).value();
    policy.devices.push_back({"device-" + std::to_string(i), device_key, {}, {}});
    reports.push_back(Report::from_fields(fields).value().encode_fixed());
  }
};

const Setting& setting() {
  static const Setting made;
  return made;
}

bool libsodium_accepts(std::span<const std::uint8_t, 32> key, ByteView message,
                       const Signature& signature) {
  const auto r = signature.bytes().first<32>();
  auto hash = Sha3_512::create();
  if (!hash) {
    return false;
  }
  hash->update(r);
  hash->update(key);
  hash->update(message);
  const auto digest = std::move(*hash).finish();
  Bytes32 k{};
  Bytes32 left{};
  Bytes32 right{};
  Bytes32 difference{};
  crypto_core_ed25519_scalar_reduce(k.data(), digest.bytes().data());
  return crypto_scalarmult_ed25519_base_noclamp(left.data(), signature.bytes().last<32>().data()) ==
             0 &&
         crypto_scalarmult_ed25519_noclamp(right.data(), k.data(), key.data()) == 0 &&
         crypto_core_ed25519_sub(difference.data(), left.data(), right.data()) == 0 &&
         std::equal(r.begin(), r.end(), difference.begin());
}

void two_signatures_libsodium(benchmark::State& state) {
  for (auto _ : state) {
    for (const Bytes& bytes : setting().reports) {
      const auto report = Report::parse(bytes).value();
      if (!libsodium_accepts(report.claimed_device_key().bytes(), report.signed_by_device(),
                             report.sm_signature()) ||
          !libsodium_accepts(report.sm_public_key().bytes(), report.signed_by_sm(),
                             report.enclave_signature())) {
        state.SkipWithError("libsodium refuses a good signature");
      }
    }
  }
}
BENCHMARK(two_signatures_libsodium)->Unit(benchmark::kMillisecond);

std::vector<Evidence> parsed(std::size_t rounds) {
  std::vector<Evidence> evidence;
  evidence.reserve(rounds * kReports);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const Bytes& bytes : setting().reports) {
      evidence.push_back({Report::parse(bytes).value()});
    }
  }
  return evidence;
}

bool all_accepted(std::span<const Verdict> verdicts) {
  return std::all_of(verdicts.begin(), verdicts.end(),
                     [](const Verdict& verdict) { return verdict.accepted(); });
}

// A verifier that has seen each device often.
const Verifier& experienced() {
  static const Verifier verifier = [] {
    Verifier made(setting().policy);
    for (int i = 0; i < 65; ++i) {
      (void)made.verify_batch(parsed(1), setting().challenges, kNow);
    }
    return made;
  }();
  return verifier;
}

void reports_batch(benchmark::State& state) {
  (void)experienced();
  for (auto _ : state) {
    if (!all_accepted(experienced().verify_batch(parsed(1), setting().challenges, kNow))) {
      state.SkipWithError("a good report is rejected");
    }
  }
}
BENCHMARK(reports_batch)->Unit(benchmark::kMillisecond);

void reports_one_by_one(benchmark::State& state) {
  (void)experienced();
  for (auto _ : state) {
    for (const Bytes& bytes : setting().reports) {
      const Evidence evidence{Report::parse(bytes).value()};
      if (!experienced().verify(evidence, setting().challenges.front(), kNow).accepted()) {
        state.SkipWithError("a good report is rejected");
      }
    }
  }
}
BENCHMARK(reports_one_by_one)->Unit(benchmark::kMillisecond);

// Many reports by so many threads, without the parsing; by the clock on the wall.
void reports_threads(benchmark::State& state) {
  constexpr std::size_t kRounds = 100;
  const auto evidence = parsed(kRounds);
  const std::vector<Challenge> challenges(evidence.size(), setting().challenges.front());
  std::vector<Verdict> verdicts(evidence.size());
  (void)experienced();
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    experienced().verify_batch(evidence, challenges, kNow, verdicts,
                               static_cast<unsigned>(state.range(0)));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    if (!all_accepted(verdicts)) {
      state.SkipWithError("a good report is rejected");
    }
  }
}
BENCHMARK(reports_threads)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
