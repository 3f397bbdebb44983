// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/explained.hpp"

#include "keystone-measure/enclave_files.hpp"

namespace keystone::cli {

Result<ExplainedEnclave> explain_enclave_files(const EnclaveRequest& request,
                                               const MeasureOptions& options,
                                               const ExplainOptions& explain) {
  KEYSTONE_TRY(const auto files, EnclaveFiles::open(request, options));
  KEYSTONE_TRY(auto explanation, files->explain(explain));
  KEYSTONE_TRY(auto record, files->finish(explanation.measurement));
  return ExplainedEnclave{std::move(record), std::move(explanation)};
}

}  // namespace keystone::cli
