// SPDX-License-Identifier: Apache-2.0
// The command `request` of a build without the client library.
#include "keystone-attest/request.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {

void declare_request(CLI::App&, Spelling&) {}

Result<RequestCommand> request_command(const Spelling&, Instant) {
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone::cli::attest
