// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"
#include "http/src/refusal.hpp"

#include <optional>
#include <string_view>

// What a head must keep to beyond its grammar, so that nobody before this server (a proxy, a load
// balancer) can see other requests in the same bytes.
namespace keystone::server::http {

// Sets path and query from the target, in origin form, absolute form (http or https; its host
// takes the place of Host's, RFC 9112, section 3.2.2) or as `*` for OPTIONS.
[[nodiscard]] std::optional<Refusal> take_target(std::string_view target, Request& request);

// Host, Content-Length, Transfer-Encoding and Expect.
[[nodiscard]] std::optional<Refusal> check_headers(const Request& request, bool is_http_1_1);

}  // namespace keystone::server::http
