// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/policy.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// What a policy comes to at a point in time.
namespace keystone::cli::attest {

// An entry by which nothing is accepted.
struct UnusableEntry {
  std::string_view list;  // the key of its list
  std::string name;
  // revoked, expired, not_yet_valid; of devices also published_test_key (unless that is waived) and
  // the key_ words of SignatureResult.
  std::string_view reason;
  std::string detail;  // since when, until when, why; may be empty
};

struct ListCount {
  std::string_view list;
  std::size_t entries;
  std::size_t usable;
};

struct PolicyState {
  Instant now;
  std::array<ListCount, 3> lists;
  std::vector<UnusableEntry> unusable;  // in the order of the file
  std::vector<std::string> warnings;    // why nothing at all can be accepted
};

[[nodiscard]] PolicyState check_policy(const Policy& policy, Instant now);

// What is to be known of a device that is registered: why its key is of no use, or nothing.
[[nodiscard]] std::vector<std::string> warnings_about(const RegisteredDevice& device);

}  // namespace keystone::cli::attest
