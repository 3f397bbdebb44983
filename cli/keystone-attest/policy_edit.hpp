// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/golden.hpp"
#include "keystone/verifier/policy.hpp"

#include <string>
#include <vector>

// Changes of a policy in memory. Each says whether there was something to change, and has changed
// nothing when it fails; all fail with `usage`.
namespace keystone::cli::attest {

// Registers a device. False if just this entry is there. Fails if its name stands for another key,
// its key has another name, or what is there differs in anything else.
[[nodiscard]] Result<bool> add_device(Policy& policy, RegisteredDevice device);

// Copies the entries of a golden file, or those with one of `names`, with that validity. False if
// all are there. Fails as add_device() does, and for a name that the golden file has not.
[[nodiscard]] Result<bool> add_references(Policy& policy, const GoldenFile& golden,
                                          const std::vector<std::string>& names,
                                          const Validity& validity);

// Revokes the device of that name, or the enclave or security monitor. False if it is revoked
// already: the first record stays. Fails if there is no such name.
[[nodiscard]] Result<bool> revoke_device(Policy& policy, const std::string& name,
                                         const Revocation& revocation);
[[nodiscard]] Result<bool> revoke_reference(Policy& policy, const std::string& name,
                                            const Revocation& revocation);

// Removes the enclave or security monitor of that name. Fails if there is none.
[[nodiscard]] Result<bool> remove_reference(Policy& policy, const std::string& name);

}  // namespace keystone::cli::attest
