// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/arguments.hpp"

#include <functional>

// Policies on disk.
namespace keystone::cli::attest {

// The policy that `verify` goes by: that of its file, and what its options add. Of two limits of
// age, the shorter one counts. Fails as reading the file does; with `malformed` for a file that
// lacks something even so, and with `usage` where there is no file.
[[nodiscard]] Result<Policy> policy_for(const VerifyCommand& command);

// What a change did, and the policy after it.
struct Edited {
  bool changed;
  Policy policy;
};

// Changes the policy in `file` under the lock of its folder, by `edit`, which says whether there
// was something to change; if not, the file is not touched. It may be a draft still, and where
// there is no file, an empty one is changed if `may_be_new`. `usage` for standard input, and for a
// file with comments unless they may be dropped.
[[nodiscard]] Result<Edited> edit_policy(const PolicyFile& file, bool may_be_new,
                                         const std::function<Result<bool>(Policy&)>& edit);

}  // namespace keystone::cli::attest
