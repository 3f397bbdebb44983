// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/measure_files.hpp"
#include "keystone/measure/explain.hpp"

namespace keystone::cli {

// An enclave's measurement, where each measured byte comes from, and what is known of its files.
struct ExplainedEnclave {
  EnclaveRecord record;
  Explanation explanation;
};

// Fails as measure_enclave_files() and explain() do.
[[nodiscard]] Result<ExplainedEnclave> explain_enclave_files(const EnclaveRequest& request,
                                                             const MeasureOptions& options,
                                                             const ExplainOptions& explain);

}  // namespace keystone::cli
