// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"
#include "keystone/base/shared_bytes.hpp"
#include "keystone/crypto/channel_binding.hpp"
#include "keystone/verifier/nonce.hpp"

#include <optional>
#include <variant>

namespace keystone {

// When a challenge was made, until when it may be answered, and whether it still may.
struct ChallengeTime {
  enum class Standing : std::uint8_t {
    open,         // as far as the caller knows, not answered before
    used_before,  // answered already: a replay
    not_issued,   // not one of the verifier's own, or one too old to tell
  };

  Instant issued;
  // The last second; absent: the policy's max_age alone limits it, and without that nothing does.
  std::optional<Instant> expires;
  Standing standing = Standing::open;
};

// What the verifier's side asked for, and knows without the evidence. Immutable.
class Challenge {
 public:
  struct Nothing {};
  struct ExactData {
    SharedBytes data;
  };
  struct ExactNonce {
    Nonce nonce;
  };
  struct NoncePrefix {
    Nonce nonce;
  };
  struct BoundChannel {
    ChannelBinding binding;
  };
  using Asked = std::variant<Nothing, ExactData, ExactNonce, NoncePrefix, BoundChannel>;

  // Nothing was asked: report_data and freshness fail.
  [[nodiscard]] static Challenge none() { return Challenge(Nothing{}); }

  // The data must be exactly these 0 to 1024 bytes, `usage` for more: for data that no nonce is in,
  // such as demo nonces below 8 bytes.
  [[nodiscard]] static Result<Challenge> exact_data(ByteView data);

  // The data must be the nonce, and nothing else.
  [[nodiscard]] static Challenge exact_nonce(const Nonce& nonce) {
    return Challenge(ExactNonce{nonce});
  }

  // The data must start with the nonce; what follows is the enclave's own.
  [[nodiscard]] static Challenge nonce_prefix(const Nonce& nonce) {
    return Challenge(NoncePrefix{nonce});
  }

  // The data must bind this channel (bind_channel()); the nonce in its transcript is the caller's
  // to use once, and to say the time of.
  [[nodiscard]] static Challenge bound_to(const ChannelBinding& binding) {
    return Challenge(BoundChannel{binding});
  }

  // The same challenge with its time; without one, freshness fails.
  [[nodiscard]] Challenge at(const ChallengeTime& time) const {
    Challenge timed = *this;
    timed.time_ = time;
    return timed;
  }

  [[nodiscard]] const Asked& asked() const { return asked_; }
  [[nodiscard]] const std::optional<ChallengeTime>& time() const { return time_; }

 private:
  explicit Challenge(Asked asked) : asked_(std::move(asked)) {}

  Asked asked_;
  std::optional<ChallengeTime> time_;
};

}  // namespace keystone
