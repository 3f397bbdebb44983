// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/challenge.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>

// Challenges for those who embed the verifier: nonces that are recognised without having been
// stored, and a set that lets each be used once.
namespace keystone {

// Fills the bytes with randomness fit for keys; fill_random() of crypto/random.hpp does.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;

// Which nonces were spent. An implementation over a shared store lets several verifiers issue under
// one key. Calls may come from any thread.
class ReplaySet {
 public:
  virtual ~ReplaySet() = default;

  // Spends `nonce` in one step that cannot be split: true if it had not been spent before. It must
  // be remembered until `expires`, that second included. An Error when that cannot be promised.
  [[nodiscard]] virtual Result<bool> spend(const Nonce& nonce, Instant now, Instant expires) = 0;
};

// A ReplaySet in memory, of one process. It forgets what has expired, and never anything else: when
// it is full, spend() fails with `limit_exceeded`. Where `now` goes back, be it by a moment between
// two threads, a nonce that may have been forgotten counts as spent.
class MemoryReplaySet final : public ReplaySet {
 public:
  explicit MemoryReplaySet(std::size_t capacity) : capacity_(capacity) {}
  [[nodiscard]] Result<bool> spend(const Nonce& nonce, Instant now, Instant expires) override;
  [[nodiscard]] std::size_t size() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::set<Nonce> spent_;
  std::multimap<Instant, Nonce> by_expiry_;
  Instant forgotten_ = Instant::min();  // the latest expiry of those forgotten
};

// Makes nonces and knows its own again. A nonce is half salt, half HMAC-SHA3-512 over the salt and
// the time slot of its making, cut to length: of 8 bytes, 4 tell that it is genuine, so short
// nonces are for attesters that have no room for more. Immutable, thread-safe.
class ChallengeIssuer {
 public:
  static constexpr std::size_t kKeySize = 32;  // bytes

  struct Options {
    std::size_t nonce_size = Nonce::kDefaultSize;  // 8 to 64 bytes
    std::chrono::seconds lifetime{300};            // 1 s to 1 day
  };

  // `key` is secret, and the same for all who redeem each other's nonces; the caller wipes its own
  // copy. `usage` for options outside their ranges.
  [[nodiscard]] static Result<ChallengeIssuer> create(std::span<const std::uint8_t, kKeySize> key,
                                                      Options options);
  ~ChallengeIssuer();
  ChallengeIssuer(ChallengeIssuer&& other) noexcept;
  ChallengeIssuer& operator=(ChallengeIssuer&&) = delete;

  // A new nonce. It is good for at least 15/16 of the lifetime, and at most for the lifetime.
  // `internal` when the hash function cannot run.
  [[nodiscard]] Result<Nonce> issue(Instant now, const RandomSource& random) const;

  // What is to be said of a nonce that comes back, for Challenge::at(): its time, and whether it is
  // one of ours and not spent. Spends it, whatever the verdict will be. An Error only when
  // `replays` has one, or the hash function cannot run: then nothing may be accepted.
  [[nodiscard]] Result<ChallengeTime> redeem(const Nonce& nonce, Instant now,
                                             ReplaySet& replays) const;

 private:
  explicit ChallengeIssuer(Options options) : options_(options) {}

  [[nodiscard]] std::int64_t slot_length() const;
  [[nodiscard]] Result<bool> is_of_slot(const Nonce& nonce, std::int64_t slot) const;

  Options options_;
  std::array<std::uint8_t, kKeySize> key_{};
};

}  // namespace keystone
