// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"
#include "keystone/verifier/verdict.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

// How single checks are decided. What each `reason` means: docs/verdicts.md.
namespace keystone::detail {

// Passes where nothing speaks against it.
[[nodiscard]] inline Decision decide_by(std::string_view reason) {
  return {reason.empty() ? CheckResult::passed : CheckResult::failed, reason};
}

[[nodiscard]] inline Decision not_evaluated(std::string_view reason) {
  return {CheckResult::not_evaluated, reason};
}

// `expired`, `not_yet_valid`, or empty where `now` is within.
[[nodiscard]] std::string_view out_of_validity(const Validity& validity, Instant now);

// The entry of a list that a value selects, and why it does not count: empty if it does.
template <class Entry>
struct Selection {
  const Entry* entry;
  std::string_view reason;
};

template <class Entry>
[[nodiscard]] Selection<Entry> judge_limits(const Entry& entry, Instant now) {
  return {&entry, entry.revoked ? "revoked" : out_of_validity(entry.validity, now)};
}

// Whether `left` decides rather than `right`: one that is revoked, else one that is valid, else
// any. Reasons and names settle the rest, so that the order of a list never shows.
template <class Entry>
[[nodiscard]] bool decides(const Selection<Entry>& left, const Selection<Entry>& right) {
  const auto rank = [](const Selection<Entry>& selection) {
    return std::tuple(selection.reason != "revoked", selection.reason,
                      std::string_view(selection.entry->name));
  };
  return rank(left) < rank(right);
}

// The entry with that value; `none` is the reason if there is not one.
template <class Entry, class Value>
[[nodiscard]] Selection<Entry> select(const std::vector<Entry>& entries, const Value& value,
                                      Instant now, std::string_view none) {
  Selection<Entry> selected{nullptr, none};
  for (const Entry& entry : entries) {
    if (value_of(entry) != value) {
      continue;
    }
    const auto candidate = judge_limits(entry, now);
    if (selected.entry == nullptr || decides(candidate, selected)) {
      selected = candidate;
    }
  }
  return selected;
}

[[nodiscard]] Decision decide_signature(const Result<SignatureResult>& result);

[[nodiscard]] Decision decide_data(ByteView data, const Challenge& challenge);

[[nodiscard]] Decision decide_freshness(const Challenge& challenge,
                                        std::optional<std::chrono::seconds> max_age, Instant now);

// The last moment at which the challenge may be answered; absent: there is none.
[[nodiscard]] std::optional<Instant> end_of(const ChallengeTime& time,
                                            std::optional<std::chrono::seconds> max_age);

[[nodiscard]] inline bool asks_nothing(const Challenge& challenge) {
  return std::holds_alternative<Challenge::Nothing>(challenge.asked());
}

}  // namespace keystone::detail
