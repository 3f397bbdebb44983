// SPDX-License-Identifier: Apache-2.0
#include "look_up.hpp"

#include <keystone/testing/fails_with.hpp>

namespace keystone::detail {
namespace {

using testing::fails_with;

auto look_up_now(bool tls, const std::string& host) {
  return look_up({tls, host, 443}, std::chrono::steady_clock::now() + std::chrono::seconds(30));
}

TEST(LookUp, FindsNumericAddresses) {
  for (const char* const host : {"192.0.2.1", "127.0.0.1", "2001:db8::1", "::1"}) {
    const auto found = look_up_now(true, host);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->size(), 1U) << host;
  }
}

TEST(LookUp, WithoutTlsFindsThisMachineOnly) {
  for (const char* const host : {"127.0.0.1", "127.255.255.254", "::1"}) {
    EXPECT_TRUE(look_up_now(false, host)) << host;
  }
  for (const char* const host : {"192.0.2.1", "128.0.0.1", "126.0.0.1", "0.0.0.0", "2001:db8::1",
                                 "::2", "::", "::ffff:192.0.2.1"}) {
    EXPECT_TRUE(fails_with(look_up_now(false, host), ErrorCode::usage, "this machine")) << host;
  }
}

}  // namespace
}  // namespace keystone::detail
