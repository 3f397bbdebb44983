// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace keystone::server::http {

// Why the transport answers a request itself.
struct Refusal {
  unsigned status;
  std::string_view reason;  // a literal, fit for the client
};

}  // namespace keystone::server::http
