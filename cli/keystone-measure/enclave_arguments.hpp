// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/arguments.hpp"
#include "keystone-measure/spelling.hpp"

// What the command line says of an enclave.
namespace keystone::cli {

// Whether an option of page-walk profiles was given.
[[nodiscard]] bool says_anything_of_a_page_walk(const Spelling& spelt);

// Fails with `usage` for files that are missing, and for options that the profile does not have.
[[nodiscard]] Result<EnclaveRequest> enclave_request(const Spelling& spelt);

// One side of `diff`: an input set, `eapp=F,runtime=F,loader=F,stack-size=N`, with the names of the
// options of `enclave`; or a path, with an entry's name behind a colon or without.
[[nodiscard]] Result<DiffSource> diff_source(const std::string& text);

}  // namespace keystone::cli
