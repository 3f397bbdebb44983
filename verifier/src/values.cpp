// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include "keystone/base/hex.hpp"

namespace keystone::detail {
namespace {

// What a challenge asks for, in words.
struct AskedInWords {
  std::string operator()(const Challenge::Nothing&) const { return "a challenge"; }
  std::string operator()(const Challenge::ExactData& asked) const {
    return hex::encode(asked.data.view());
  }
  std::string operator()(const Challenge::ExactNonce& asked) const { return asked.nonce.hex(); }
  std::string operator()(const Challenge::NoncePrefix& asked) const {
    return asked.nonce.hex() + "...";
  }
  std::string operator()(const Challenge::BoundChannel& asked) const { return asked.binding.hex(); }
};

std::string time_in_words(const ChallengeTime& time, std::optional<Instant> end) {
  return "from " + to_string(time.issued) + (end ? " to " + to_string(*end) : " to an end") +
         ", once";
}

}  // namespace

Values values_of_signature(std::string field, const Signature& signature, const std::string& key) {
  return {std::move(field), signature.hex(), "a signature by " + key};
}

Values values_of_data(ByteView data, const Challenge& challenge) {
  return {"enclave.data", hex::encode(data), std::visit(AskedInWords{}, challenge.asked())};
}

Values values_of_freshness(const Challenge& challenge, std::optional<std::chrono::seconds> max_age,
                           Instant now) {
  const bool has_time = !asks_nothing(challenge) && challenge.time();
  return {"challenge", to_string(now),
          has_time ? time_in_words(*challenge.time(), end_of(*challenge.time(), max_age))
                   : "a challenge with a time"};
}

}  // namespace keystone::detail
