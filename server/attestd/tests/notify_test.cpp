// SPDX-License-Identifier: Apache-2.0
#include "attestd/notify.hpp"

#include "keystone/base/descriptor.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace keystone::server::attestd {
namespace {

// A service manager's end, in the abstract namespace: it leaves nothing behind.
class Manager {
 public:
  Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_.copy(std::begin(address.sun_path) + 1, name_.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  }

  [[nodiscard]] std::string address() const { return "@" + name_; }

  [[nodiscard]] std::string told() const {
    std::array<char, 100> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  std::string name_ = "keystone-notify-test-" + std::to_string(::getpid());
  Descriptor socket_;
};

TEST(Notify, SendsOneDatagramWithTheState) {
  const Manager manager;
  ASSERT_TRUE(notify(manager.address(), "READY=1"));
  EXPECT_EQ(manager.told(), "READY=1");
  EXPECT_EQ(manager.told(), "nothing");
}

TEST(Notify, SaysNothingWithoutAServiceManager) {
  EXPECT_TRUE(notify("", "READY=1"));
}

TEST(Notify, FailsWhereNobodyListensOrTheAddressIsNone) {
  for (const std::string& socket :
       {std::string("@keystone-nobody-listens"), std::string("relative"), std::string("vsock:2:1"),
        "/" + std::string(200, 'a'), "@" + std::string(107, 'a') + "b"}) {
    const auto told = notify(socket, "READY=1");
    ASSERT_FALSE(told) << socket;
    EXPECT_EQ(told.error().code, ErrorCode::unreachable) << socket;
  }
}

}  // namespace
}  // namespace keystone::server::attestd
