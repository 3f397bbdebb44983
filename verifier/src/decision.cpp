// SPDX-License-Identifier: Apache-2.0
#include "decision.hpp"

#include "keystone/base/assert.hpp"
#include "later.hpp"

#include <algorithm>

namespace keystone::detail {
namespace {

bool starts_with(ByteView data, ByteView prefix) {
  return data.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), data.begin());
}

bool equal(ByteView left, ByteView right) {
  return left.size() == right.size() && starts_with(left, right);
}

// Whether the data are what a challenge asks for.
struct IsAnsweredBy {
  ByteView data;

  bool operator()(const Challenge::Nothing&) const { return false; }
  bool operator()(const Challenge::ExactData& asked) const {
    return equal(data, asked.data.view());
  }
  bool operator()(const Challenge::ExactNonce& asked) const {
    return equal(data, asked.nonce.bytes());
  }
  bool operator()(const Challenge::NoncePrefix& asked) const {
    return starts_with(data, asked.nonce.bytes());
  }
  bool operator()(const Challenge::BoundChannel& asked) const {
    return equal(data, asked.binding.bytes());
  }
};

std::string_view word_of(ChallengeTime::Standing standing) {
  switch (standing) {
    case ChallengeTime::Standing::open:
      return "";
    case ChallengeTime::Standing::used_before:
      return "used_before";
    case ChallengeTime::Standing::not_issued:
      return "not_issued";
  }
  KEYSTONE_ASSERT(false);
}

// What is wrong with the time of a challenge that has one; empty if nothing.
std::string_view staleness(const ChallengeTime& time, std::optional<Instant> end, Instant now) {
  if (time.standing != ChallengeTime::Standing::open) {
    return word_of(time.standing);
  }
  if (!end) {
    return "no_time_limit";
  }
  return out_of_validity({time.issued, end}, now);
}

}  // namespace

std::string_view out_of_validity(const Validity& validity, Instant now) {
  if (validity.not_before && now < *validity.not_before) {
    return "not_yet_valid";
  }
  return validity.not_after && now > *validity.not_after ? "expired" : "";
}

Decision decide_signature(const Result<SignatureResult>& result) {
  if (!result) {
    return not_evaluated(to_string(result.error().code));
  }
  return decide_by(*result == SignatureResult::valid ? "" : to_string(*result));
}

Decision decide_data(ByteView data, const Challenge& challenge) {
  if (std::visit(IsAnsweredBy{data}, challenge.asked())) {
    return decide_by("");
  }
  return decide_by(asks_nothing(challenge) ? "no_challenge" : "mismatch");
}

// The earlier of the challenge's own end and the one that the policy sets.
std::optional<Instant> end_of(const ChallengeTime& time,
                              std::optional<std::chrono::seconds> max_age) {
  if (!max_age) {
    return time.expires;
  }
  const Instant by_policy = later(time.issued, *max_age);
  return time.expires ? std::min(*time.expires, by_policy) : by_policy;
}

Decision decide_freshness(const Challenge& challenge, std::optional<std::chrono::seconds> max_age,
                          Instant now) {
  if (asks_nothing(challenge)) {
    return decide_by("no_challenge");
  }
  if (!challenge.time()) {
    return decide_by("no_time_limit");
  }
  return decide_by(staleness(*challenge.time(), end_of(*challenge.time(), max_age), now));
}

}  // namespace keystone::detail
