// SPDX-License-Identifier: Apache-2.0
// What may be used from several threads at once.
#include "keystone/crypto/random.hpp"
#include "keystone/verifier/issuer.hpp"
#include "setting.hpp"

#include <atomic>
#include <functional>
#include <thread>

namespace keystone {
namespace {

using testing::bytes_for;
using testing::kNow;
using testing::seconds;
using testing::Setting;

constexpr int kThreads = 4;

// All threads start the work at about the same time.
void in_threads(const std::function<void(int thread)>& work) {
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      ++ready;
      while (ready < kThreads) {
        std::this_thread::yield();
      }
      work(i);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(Threads, SpendEachNonceOnceBetweenThem) {
  const auto issuer =
      ChallengeIssuer::create(bytes_for<ChallengeIssuer::kKeySize>("issuer key"), {}).value();
  std::vector<Nonce> nonces;
  for (int i = 0; i < 100; ++i) {
    nonces.push_back(issuer.issue(kNow, fill_random).value());
  }
  MemoryReplaySet replays(nonces.size());
  std::atomic<int> opened = 0;
  in_threads([&](int) {
    for (const Nonce& nonce : nonces) {
      const auto time = issuer.redeem(nonce, kNow, replays);
      opened += time.value().standing == ChallengeTime::Standing::open ? 1 : 0;
    }
  });
  EXPECT_EQ(opened, 100);
  EXPECT_EQ(replays.size(), 100U);
}

// Each thread has a clock of its own, and none of them goes back for it.
TEST(Threads, SpendEachNonceOnceThoughTheirClocksDiffer) {
  MemoryReplaySet replays(1000);
  std::array<std::atomic<int>, 200> spent{};
  in_threads([&](int thread) {
    for (std::uint8_t i = 0; i < spent.size(); ++i) {
      const Nonce nonce = Nonce::from(std::vector<std::uint8_t>(8, i)).value();
      const Instant end = kNow + seconds(i);
      spent[i] += replays.spend(nonce, end - seconds(thread), end).value() ? 1 : 0;
    }
  });
  for (const auto& count : spent) {
    EXPECT_LE(count, 1);
  }
}

// The cache is smaller than what goes through it, so that entries come and go all the time.
TEST(Threads, ShareAVerifierAndItsCache) {
  Setting setting;
  std::vector<Report> good;
  std::vector<Report> bad;
  for (int i = 0; i < 6; ++i) {
    setting.attester.sm_hash = testing::field_for<SmHash>(std::to_string(i));
    setting.policy.security_monitors.push_back(
        {std::to_string(i), {}, setting.attester.sm_hash, {}, {}});
    ReportFields fields = setting.attester.fields(setting.nonce.bytes());
    good.push_back(Report::from_fields(fields).value());
    fields.sm_signature = fields.enclave_signature;
    bad.push_back(Report::from_fields(fields).value());
  }
  const KeyCache cache(3);
  const Verifier verifier(setting.policy, cache);
  std::atomic<int> wrong = 0;
  in_threads([&](int thread) {
    for (std::size_t i = 0; i < 60; ++i) {
      const std::size_t at = (i + static_cast<std::size_t>(thread)) % good.size();
      wrong += verifier.verify({good[at]}, setting.challenge, kNow).accepted() ? 0 : 1;
      wrong += verifier.verify({bad[at]}, setting.challenge, kNow).accepted() ? 1 : 0;
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(cache.size(), 3U);
}

}  // namespace
}  // namespace keystone
