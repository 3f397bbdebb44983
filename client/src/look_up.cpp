// SPDX-License-Identifier: Apache-2.0
#include "look_up.hpp"

#include <algorithm>
#include <cstring>
#include <future>
#include <memory>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

namespace keystone::detail {
namespace {

using Addresses = std::vector<SocketAddress>;

bool is_of_this_machine(const SocketAddress& address) {
  if (address.storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address.storage);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.storage);
  return address.storage.ss_family == AF_INET && ntohl(v4.sin_addr.s_addr) >> 24U == IN_LOOPBACKNET;
}

struct FreeList {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<Addresses> ask_system(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  const std::unique_ptr<addrinfo, FreeList> owned(failed == 0 ? list : nullptr);
  if (failed != 0) {
    return fail(ErrorCode::unreachable, host + ": " + ::gai_strerror(failed));
  }
  Addresses addresses;
  for (const addrinfo* it = list; it != nullptr; it = it->ai_next) {
    SocketAddress address{{}, it->ai_addrlen};
    std::memcpy(&address.storage, it->ai_addr, it->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

}  // namespace

// The system's look-up knows no deadline. It has a thread of its own, which nobody waits for when
// the time is up, and which owns all that it touches.
Result<Addresses> look_up(const Origin& origin, std::chrono::steady_clock::time_point deadline) {
  const auto promise = std::make_shared<std::promise<Result<Addresses>>>();
  auto answer = promise->get_future();
  try {
    std::thread([promise, host = origin.host, port = std::to_string(origin.port)] {
      try {
        promise->set_value(ask_system(host, port));
      } catch (...) {  // no memory, which is for whoever waits to hear
        promise->set_exception(std::current_exception());
      }
    }).detach();
  } catch (const std::system_error&) {
    return fail(ErrorCode::internal, "the system gives no thread");
  }
  if (answer.wait_until(deadline) != std::future_status::ready) {
    return fail(ErrorCode::unreachable, origin.host + ": its name was not found in time");
  }
  auto addresses = answer.get();
  if (addresses && !origin.tls &&
      !std::all_of(addresses->begin(), addresses->end(), is_of_this_machine)) {
    return fail(ErrorCode::usage, origin.host + ": got an address that is not of this machine",
                "without TLS, only a server on this machine is spoken to");
  }
  return addresses;
}

}  // namespace keystone::detail
