// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/core.hpp"
#include "api/session.hpp"
#include "keystone/verifier/issuer.hpp"

#include <string>
#include <string_view>

// Challenge and response, as clients of Veraison's verification service speak it.
namespace keystone::server {

// Makes nonces of that size and knows them again: on every node, as all share the key.
[[nodiscard]] Result<ChallengeIssuer> issuer_for(const Core& core, std::size_t nonce_size);

// The session as its media type has it, with its result if there is one.
[[nodiscard]] http::Response session_response(const Call& call, const Session& session,
                                              unsigned status, std::string_view state,
                                              const std::string* ear);

}  // namespace keystone::server
