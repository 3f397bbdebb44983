// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/diagnose.hpp"
#include "stripped.hpp"

#include <optional>
#include <vector>

namespace keystone {

// Which files are stripped before they are measured, and how.
struct StrippedInputs {
  Strip mode;
  bool eapp;
  bool runtime;
  bool loader;
};

// One way to measure an enclave of given files.
struct EnclaveWay {
  Attempt attempt;
  Profile profile;
  bool swapped;     // the eapp's file is taken as the runtime, and the other way round
  bool loader_raw;  // loader scheme
  PageWalkParameters parameters;             // page walk
  std::optional<StrippedInputs> stripped{};  // loader scheme
};

// All that diagnose_enclave() tries, in order. Reads the files' entries, and nothing else.
[[nodiscard]] std::vector<EnclaveWay> enclave_ways(const DiagnoseInputs& inputs);

// Whether an Error is the answer of a host or a monitor to some way, and not a failure of ours.
[[nodiscard]] inline bool is_refusal(const Error& error) {
  return error.code == ErrorCode::malformed || error.code == ErrorCode::usage ||
         error.code == ErrorCode::limit_exceeded;
}

}  // namespace keystone
