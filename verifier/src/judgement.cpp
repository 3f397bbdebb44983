// SPDX-License-Identifier: Apache-2.0
#include "judgement.hpp"

#include "keystone/base/hex.hpp"
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

// What a challenge asks for: in words, and whether the data are it.
struct DataAnswer {
  std::string want;
  bool matches;
};

struct AskData {
  ByteView data;

  DataAnswer operator()(const Challenge::Nothing&) const { return {"a challenge", false}; }
  DataAnswer operator()(const Challenge::ExactData& asked) const {
    return {hex::encode(asked.data), equal(data, asked.data)};
  }
  DataAnswer operator()(const Challenge::ExactNonce& asked) const {
    return {asked.nonce.hex(), equal(data, asked.nonce.bytes())};
  }
  DataAnswer operator()(const Challenge::NoncePrefix& asked) const {
    return {asked.nonce.hex() + "...", starts_with(data, asked.nonce.bytes())};
  }
  DataAnswer operator()(const Challenge::BoundChannel& asked) const {
    return {asked.binding.hex(), equal(data, asked.binding.bytes())};
  }
};

bool asks_nothing(const Challenge& challenge) {
  return std::holds_alternative<Challenge::Nothing>(challenge.asked());
}

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

// The earlier of the challenge's own end and the one that the policy sets.
std::optional<Instant> end_of(const ChallengeTime& time,
                              std::optional<std::chrono::seconds> max_age) {
  if (!max_age) {
    return time.expires;
  }
  const Instant by_policy = later(time.issued, *max_age);
  return time.expires ? std::min(*time.expires, by_policy) : by_policy;
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

Judgement judge_signature(std::string field, std::string got, const std::string& key,
                          const Result<SignatureResult>& result) {
  if (!result) {
    return not_evaluated(std::move(field), std::move(got),
                         std::string(to_string(result.error().code)));
  }
  const bool valid = *result == SignatureResult::valid;
  return {valid ? CheckResult::passed : CheckResult::failed, std::move(field), std::move(got),
          "a signature by " + key, valid ? "" : std::string(to_string(*result))};
}

Judgement judge_data(ByteView data, const Challenge& challenge) {
  const DataAnswer answer = std::visit(AskData{data}, challenge.asked());
  const char* const reason = asks_nothing(challenge) ? "no_challenge" : "mismatch";
  return {answer.matches ? CheckResult::passed : CheckResult::failed, "enclave.data",
          hex::encode(data), answer.want, answer.matches ? "" : reason};
}

Judgement judge_freshness(const Challenge& challenge, std::optional<std::chrono::seconds> max_age,
                          Instant now) {
  Judgement judgement{CheckResult::failed, "challenge", to_string(now), "a challenge with a time",
                      asks_nothing(challenge) ? "no_challenge" : "no_time_limit"};
  if (!asks_nothing(challenge) && challenge.time()) {
    const auto end = end_of(*challenge.time(), max_age);
    judgement.want = "from " + to_string(challenge.time()->issued) +
                     (end ? " to " + to_string(*end) : " to an end") + ", once";
    judgement.reason = staleness(*challenge.time(), end, now);
  }
  if (judgement.reason.empty()) {
    judgement.result = CheckResult::passed;
  }
  return judgement;
}

}  // namespace keystone::detail
