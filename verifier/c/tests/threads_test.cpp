// SPDX-License-Identifier: Apache-2.0
// One verifier and one set of spent nonces, used from several threads at once.
#include "support.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace keystone {
namespace {

using testing::made;
using testing::OwnedChallenge;
using testing::OwnedReport;
using testing::OwnedVerdict;

constexpr std::size_t kThreads = 4;
constexpr std::size_t kNonces = 24;
constexpr std::int64_t kNow = 1'000'000;

using NonceBytes = std::array<std::uint8_t, 32>;

class CThreads : public ::testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t i = 0; i < kNonces; ++i) {
      ASSERT_EQ(keystone_issuer_issue(issuer_.get(), kNow, nonces_[i].data(), 32, nullptr),
                KEYSTONE_OK);
      reports_.push_back(testing::c_report(attester_.report(nonces_[i]).encode_fixed()));
    }
  }

  // Redeems the nonce and asks for a verdict on its report; true if that accepts.
  [[nodiscard]] bool is_accepted(std::size_t i) const {
    keystone_challenge_time time = {};
    if (keystone_issuer_redeem(issuer_.get(), nonces_[i].data(), 32, kNow, replays_.get(), &time,
                               nullptr) != KEYSTONE_OK) {
      return false;
    }
    const auto challenge =
        made<OwnedChallenge>(keystone_challenge_exact_nonce, nonces_[i].data(), nonces_[i].size());
    EXPECT_EQ(keystone_challenge_set_time(challenge.get(), &time, nullptr), KEYSTONE_OK);
    const auto verdict = made<OwnedVerdict>(keystone_verify, verifier_.get(), reports_[i].get(),
                                            challenge.get(), kNow);
    return keystone_verdict_accepted(verdict.get()) == 1;
  }

  const testing::Attester attester_{};
  const NonceBytes key_ = testing::bytes_for<32>("issuer key");
  const testing::OwnedIssuer issuer_ =
      made<testing::OwnedIssuer>(keystone_issuer_new, key_.data(), std::size_t{32}, 300U);
  const testing::OwnedReplaySet replays_ =
      made<testing::OwnedReplaySet>(keystone_replay_set_new, kNonces);
  const testing::OwnedVerifier verifier_ = testing::c_verifier(attester_.policy());
  std::array<NonceBytes, kNonces> nonces_{};
  std::vector<OwnedReport> reports_;
};

TEST_F(CThreads, AcceptEachNonceOnceBetweenThem) {
  std::array<std::atomic<int>, kNonces> accepted{};
  std::atomic<std::size_t> ready = 0;
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      ++ready;
      while (ready < kThreads) {
        std::this_thread::yield();
      }
      for (std::size_t i = 0; i < kNonces; ++i) {
        accepted[i] += is_accepted(i) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const auto& count : accepted) {
    EXPECT_EQ(count, 1);
  }
}

// The texts of a verdict are made by whoever asks first, once.
TEST_F(CThreads, SeeTheSameTextsOfOneVerdict) {
  const auto challenge =
      made<OwnedChallenge>(keystone_challenge_exact_nonce, nonces_[0].data(), nonces_[0].size());
  for (int round = 0; round < 20; ++round) {
    const auto verdict = made<OwnedVerdict>(keystone_verify, verifier_.get(), reports_[0].get(),
                                            challenge.get(), kNow);
    std::array<const char*, kThreads> jsons{};
    std::array<const char*, kThreads> values{};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        keystone_finding finding = {};
        EXPECT_EQ(keystone_verdict_finding(verdict.get(), 1, &finding, nullptr), KEYSTONE_OK);
        values[i] = finding.got;
        jsons[i] = keystone_verdict_json(verdict.get());
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(std::count(jsons.begin(), jsons.end(), jsons[0]), kThreads);
    EXPECT_EQ(std::count(values.begin(), values.end(), values[0]), kThreads);
    EXPECT_NE(std::string_view(jsons[0]).find(values[0]), std::string_view::npos);
  }
}

// Errors are of the call, not of a place that threads share.
TEST_F(CThreads, HaveErrorsOfTheirOwn) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&wrong, size = thread + 65] {
      const std::vector<std::uint8_t> nonce(size);
      for (int i = 0; i < 200; ++i) {
        keystone_challenge* challenge = nullptr;
        keystone_error* error = nullptr;
        const keystone_status status =
            keystone_challenge_exact_nonce(nonce.data(), nonce.size(), &challenge, &error);
        const std::string want = "nonce: got " + std::to_string(size) + " bytes, want 8 to 64";
        wrong += status == KEYSTONE_ERROR_USAGE && keystone_error_message(error) == want ? 0 : 1;
        keystone_error_free(error);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace keystone
