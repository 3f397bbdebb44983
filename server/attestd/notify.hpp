// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string>

namespace keystone::server::attestd {

// Tells the service manager `state`, such as "READY=1", in the protocol of sd_notify(3): one
// datagram to `socket`, the value of NOTIFY_SOCKET. Does nothing where that is empty. Fails with
// `unreachable`; a service manager that does not listen is no reason to stop.
[[nodiscard]] Status notify(const std::string& socket, const std::string& state);

}  // namespace keystone::server::attestd
