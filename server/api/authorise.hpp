// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/core.hpp"
#include "api/problem.hpp"

#include <cstdint>

namespace keystone::server {

// For whom a route is.
enum class Access : std::uint8_t {
  anyone,
  attester,   // a verifier, or anybody where the options let attesters be anonymous
  verifier,   //
  operator_,  // and only on the admin listener, if there is one
  metrics,    // an operator, or anybody where the options say so; on the admin listener, too
};

// Who asks, if they may. Credentials are a bearer token in the Authorization header, else a client
// certificate that the options give a role. 401 for credentials that are no good, also where none
// are needed, and where some are needed and there are none; 403 for a role that is not enough.
[[nodiscard]] Answer<Caller> authorise(const Core& core, const ServiceOptions& options,
                                       const http::Request& request, Access access);

// The token in the Authorization header; nothing if there is no such header, or one that is not
// `Bearer` and a token.
[[nodiscard]] std::optional<std::string_view> bearer_token(const http::Request& request);

}  // namespace keystone::server
