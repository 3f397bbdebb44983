// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"
#include "http/options.hpp"
#include "http/src/ip_address.hpp"

namespace keystone::server::http {

// Whose request it is that came from `socket_peer`. Each proxy adds the address that it saw at the
// end, so this walks from there towards the client, and stops at the first address that is not a
// trusted proxy: whatever stands before it, anybody may have made up. It also stops where an entry
// is no address; then the last proxy counts as the client.
[[nodiscard]] IpAddress client_address(const IpAddress& socket_peer,
                                       const std::vector<Header>& headers,
                                       const TrustedProxies& proxies, ForwardedHeader header);

}  // namespace keystone::server::http
