// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/challenge.hpp"

#include "keystone/report/report.hpp"

namespace keystone {

Result<Challenge> Challenge::exact_data(ByteView data) {
  if (data.size() > ReportLayout::kMaxData) {
    return fail(ErrorCode::usage, "data: got " + std::to_string(data.size()) +
                                      " bytes, want at most " +
                                      std::to_string(ReportLayout::kMaxData));
  }
  return Challenge(ExactData{SharedBytes(data)});
}

}  // namespace keystone
