// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/measure_files.hpp"

#include "keystone-measure/enclave_files.hpp"
#include "keystone-measure/sm_file.hpp"

namespace keystone::cli {

Result<EnclaveRecord> measure_enclave_files(const EnclaveRequest& request,
                                            const MeasureOptions& options) {
  KEYSTONE_TRY(const auto files, EnclaveFiles::open(request, options));
  KEYSTONE_TRY(const auto measurement, files->measure());
  return files->finish(measurement);
}

Result<SmRecord> measure_sm_file(const SmRequest& request, const MeasureOptions& options) {
  KEYSTONE_TRY(const auto file, SmFile::open(request, options));
  KEYSTONE_TRY(const auto hash, file->measure());
  return file->finish(hash);
}

}  // namespace keystone::cli
