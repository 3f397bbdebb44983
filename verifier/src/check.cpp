// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/check.hpp"

#include "keystone/base/suggest.hpp"

namespace keystone {
namespace {

// By the number of the check.
constexpr std::array<std::string_view, kCheckCount> kWords = {
    "root_of_trust", "device_key",        "test_device_key", "sm_signature", "sm_key_strength",
    "sm_hash",       "enclave_signature", "enclave_hash",    "report_data",  "freshness"};

}  // namespace

std::string_view to_string(Check check) {
  return kWords[static_cast<std::size_t>(check)];
}

Result<Check> parse_check(std::string_view field, std::string_view word) {
  KEYSTONE_TRY(const std::size_t index, index_of_name(field, word, kWords));
  return kAllChecks[index];
}

}  // namespace keystone
