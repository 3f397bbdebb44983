// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/verifier/policy.hpp"
#include "store/records.hpp"

#include <string>
#include <string_view>
#include <vector>

// What the documents of the store say: docs/http-api.md has the formats.
namespace keystone::server {

// A policy as it was put: a policy file, or one that takes devices and reference values from the
// store when a report is appraised.
struct PolicyDocument {
  Policy policy;                              // what the document itself says
  bool all_devices = false;                   // every device of the store counts
  std::vector<std::string> devices;           // these do, if they are there
  std::vector<std::string> reference_values;  // so does what these golden files expect
};

// A name that a document may have: 1 to 128 letters, digits, `.`, `_` and `-`, of which the first
// is a letter or a digit. `malformed` for another.
[[nodiscard]] Status check_document_name(std::string_view name);

// Read strictly: `malformed` with the path of the place, or `limit_exceeded`.
[[nodiscard]] Result<PolicyDocument> parse_policy_document(std::string_view text);

// An entry of a policy's `devices`, whose name must be the document's.
[[nodiscard]] Result<RegisteredDevice> parse_device_document(std::string_view name,
                                                             std::string_view text);

// Whether a document of that kind may say that.
[[nodiscard]] Status check_document(DocumentKind kind, std::string_view name,
                                    std::string_view text);

}  // namespace keystone::server
