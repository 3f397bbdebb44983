// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"
#include "keystone/testing/vectors.hpp"

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

// Reading test-vectors/verify/. What is damaged, unknown or unread there throws.
namespace keystone::testing {

// What a verifier says of a situation, whichever way it is asked.
struct Answer {
  std::string outcome;  // accepted, rejected or malformed
  std::vector<std::string> failed;
  std::vector<std::string> waived;
  std::vector<std::string> not_evaluated;
  std::map<std::string, std::string> reasons;  // by check, where there is one

  // Adds a finding, with its words.
  void add(std::string_view check, std::string_view result, std::string_view reason);

  bool operator==(const Answer&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Answer& answer);

// When a challenge was out. Without `expires`, it has no end of its own.
struct SituationTime {
  Instant issued;
  std::optional<Instant> expires;
  std::string standing;  // open, used_before or not_issued
};

struct Situation {
  std::string name;
  Bytes report;
  std::string policy;
  Instant now;
  std::string kind;  // none, data, nonce, nonce_prefix or channel
  Bytes value;
  std::optional<SituationTime> time;
  Answer want;
};

// The folders' names, sorted.
[[nodiscard]] std::vector<std::string> situation_names();
[[nodiscard]] Situation read_situation(const std::string& name);

// A folder's name as GoogleTest takes it.
[[nodiscard]] std::string test_name(const std::string& situation);

}  // namespace keystone::testing
