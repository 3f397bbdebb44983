// SPDX-License-Identifier: Apache-2.0
#include "attestd/notify.hpp"

#include "keystone/base/descriptor.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

namespace keystone::server::attestd {

Status notify(const std::string& socket, const std::string& state) {
  if (socket.empty()) {
    return {};
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool has_a_form = socket.front() == '/' || socket.front() == '@';
  if (!has_a_form || socket.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::unreachable, "NOTIFY_SOCKET: got " + printable(socket) +
                                            ", want a path or @name of at most " +
                                            std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::copy(socket.begin(), socket.end(), std::begin(address.sun_path));
  if (socket.front() == '@') {
    address.sun_path[0] = '\0';  // Linux's abstract namespace
  }
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const Descriptor sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!sender.is_open() || ::sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL,
                                    reinterpret_cast<const sockaddr*>(&address), size) < 0) {
    return fail(ErrorCode::unreachable,
                "NOTIFY_SOCKET: cannot send: " + std::string(std::strerror(errno)));
  }
  return {};
}

}  // namespace keystone::server::attestd
