// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/measured_file.hpp"

namespace keystone::cli {

Result<MeasuredFile> MeasuredFile::open(std::string_view role, const std::string& path,
                                        const MeasureOptions& options) {
  auto file = InputFile::open(path, {.fingerprint = options.fingerprint,
                                     .progress = options.progress,
                                     .regular_only = options.regular_only});
  if (!file) {
    return fail(file.error().within(role));
  }
  return MeasuredFile(*std::move(file));
}

}  // namespace keystone::cli
