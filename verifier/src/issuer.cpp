// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/issuer.hpp"

#include "keystone/crypto/mac.hpp"
#include "keystone/crypto/wipe.hpp"
#include "later.hpp"

#include <algorithm>

namespace keystone {
namespace {

constexpr std::int64_t kSlotsPerLifetime = 16;
constexpr std::int64_t kLongestLifetime = 24 * 60 * 60;  // seconds
constexpr std::string_view kLabel = "keystone-attest/nonce/v1";

std::int64_t seconds_of(Instant instant) {
  return instant.time_since_epoch().count();
}

// The half of a nonce that is random; the other authenticates it.
std::size_t salt_size(std::size_t nonce_size) {
  return nonce_size / 2;
}

// HMAC(key, label || nonce size || slot || salt).
Status authenticate(ByteView key, std::size_t nonce_size, std::int64_t slot, ByteView salt,
                    std::span<std::uint8_t, 64> tag) {
  std::vector<std::uint8_t> message(kLabel.begin(), kLabel.end());
  message.push_back(static_cast<std::uint8_t>(nonce_size));
  for (unsigned shift = 0; shift < 64; shift += 8) {
    message.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(slot) >> shift));
  }
  message.insert(message.end(), salt.begin(), salt.end());
  return hmac_sha3_512(key, message, tag);
}

}  // namespace

Result<bool> MemoryReplaySet::spend(const Nonce& nonce, Instant now, Instant expires) {
  const std::lock_guard lock(mutex_);
  while (!by_expiry_.empty() && by_expiry_.begin()->first < now) {
    forgotten_ = by_expiry_.begin()->first;
    spent_.erase(by_expiry_.begin()->second);
    by_expiry_.erase(by_expiry_.begin());
  }
  if (expires <= forgotten_ || spent_.contains(nonce)) {
    return false;
  }
  if (spent_.size() >= capacity_) {
    return fail(ErrorCode::limit_exceeded,
                "spent nonces: got more than " + std::to_string(capacity_) + " at a time");
  }
  const auto expiry = by_expiry_.emplace(expires, nonce);
  try {
    spent_.insert(nonce);
  } catch (...) {
    by_expiry_.erase(expiry);
    throw;
  }
  return true;
}

std::size_t MemoryReplaySet::size() const {
  const std::lock_guard lock(mutex_);
  return spent_.size();
}

Result<ChallengeIssuer> ChallengeIssuer::create(std::span<const std::uint8_t, kKeySize> key,
                                                Options options) {
  if (options.nonce_size < Nonce::kMinSize || options.nonce_size > Nonce::kMaxSize) {
    return fail(ErrorCode::usage, "nonce size: got " + std::to_string(options.nonce_size) +
                                      ", want " + std::to_string(Nonce::kMinSize) + " to " +
                                      std::to_string(Nonce::kMaxSize));
  }
  if (options.lifetime.count() < 1 || options.lifetime.count() > kLongestLifetime) {
    return fail(ErrorCode::usage, "lifetime: got " + std::to_string(options.lifetime.count()) +
                                      " s, want 1 to " + std::to_string(kLongestLifetime));
  }
  ChallengeIssuer issuer(options);
  std::copy(key.begin(), key.end(), issuer.key_.begin());
  return issuer;
}

ChallengeIssuer::~ChallengeIssuer() {
  wipe(key_);
}

ChallengeIssuer::ChallengeIssuer(ChallengeIssuer&& other) noexcept
    : options_(other.options_), key_(other.key_) {
  wipe(other.key_);
}

std::int64_t ChallengeIssuer::slot_length() const {
  return (options_.lifetime.count() + kSlotsPerLifetime - 1) / kSlotsPerLifetime;
}

Result<Nonce> ChallengeIssuer::issue(Instant now, const RandomSource& random) const {
  std::vector<std::uint8_t> bytes(options_.nonce_size);
  const std::size_t salt = salt_size(bytes.size());
  random(std::span(bytes).first(salt));
  std::array<std::uint8_t, 64> tag{};
  const std::int64_t slot = seconds_of(now) / slot_length();
  KEYSTONE_CHECK_OK(authenticate(key_, bytes.size(), slot, ByteView(bytes).first(salt), tag));
  std::copy_n(tag.begin(), bytes.size() - salt, bytes.begin() + static_cast<std::ptrdiff_t>(salt));
  return Nonce::from(bytes);
}

Result<bool> ChallengeIssuer::is_of_slot(const Nonce& nonce, std::int64_t slot) const {
  const std::size_t salt = salt_size(nonce.bytes().size());
  std::array<std::uint8_t, 64> tag{};
  KEYSTONE_CHECK_OK(authenticate(key_, nonce.bytes().size(), slot, nonce.bytes().first(salt), tag));
  const ByteView sent = nonce.bytes().subspan(salt);
  return equal_in_constant_time(sent, ByteView(tag).first(sent.size()));
}

Result<ChallengeTime> ChallengeIssuer::redeem(const Nonce& nonce, Instant now,
                                              ReplaySet& replays) const {
  const std::int64_t length = slot_length();
  const std::int64_t newest = seconds_of(now) / length;
  const bool has_size = nonce.bytes().size() == options_.nonce_size;
  for (std::int64_t slot = newest; has_size && slot >= 0; --slot) {
    const Instant issued{std::chrono::seconds(slot * length)};
    const Instant expires = detail::later(issued, options_.lifetime);
    if (expires < now) {
      break;
    }
    KEYSTONE_TRY(const bool genuine, is_of_slot(nonce, slot));
    if (genuine) {
      KEYSTONE_TRY(const bool first, replays.spend(nonce, now, expires));
      using Standing = ChallengeTime::Standing;
      return ChallengeTime{issued, expires, first ? Standing::open : Standing::used_before};
    }
  }
  return ChallengeTime{now, now, ChallengeTime::Standing::not_issued};
}

}  // namespace keystone
