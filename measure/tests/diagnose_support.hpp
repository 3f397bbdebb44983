// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "explain_support.hpp"
#include "keystone/measure/diagnose.hpp"

#include <optional>
#include <string>

// What the tests of the searches share.
namespace keystone::testing {

[[nodiscard]] inline EnclaveHash enclave_hash(const std::string& hex) {
  return EnclaveHash::from_hex("hash", hex).value();
}

// The hash of nothing that any test measures.
[[nodiscard]] inline EnclaveHash unknown_hash() {
  return enclave_hash(std::string(128, '5'));
}

// What diagnose_enclave() says of these files; an empty loader is none.
[[nodiscard]] inline Result<EnclaveDiagnosis> diagnose(const Files& files, const EnclaveHash& seen,
                                                       const AttemptProgress& progress = {}) {
  const ArraySource sources[] = {ArraySource(files.eapp), ArraySource(files.runtime),
                                 ArraySource(files.loader)};
  const ByteSource* const loader = files.loader.empty() ? nullptr : &sources[2];
  return diagnose_enclave({sources[0], sources[1], loader}, seen, progress);
}

// `profile | description | options` of the match.
[[nodiscard]] inline std::string text_of(const std::optional<Attempt>& match) {
  return match ? match->profile + " | " + match->description + " | " + match->options : "none";
}

// The same of diagnose_enclave(), or its Error.
[[nodiscard]] inline std::string match_of(const Files& files, const EnclaveHash& seen) {
  const auto diagnosis = diagnose(files, seen);
  return diagnosis ? text_of(diagnosis->match) : diagnosis.error().message;
}

}  // namespace keystone::testing
