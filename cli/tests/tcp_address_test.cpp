// SPDX-License-Identifier: Apache-2.0
#include "common/tcp_address.hpp"

#include "keystone/testing/fails_with.hpp"

namespace keystone::cli {
namespace {

using testing::fails_with;

TEST(TcpAddress, ReadsBothFamiliesAndSpellsThemBack) {
  for (const std::string text :
       {"127.0.0.1:0", "0.0.0.0:65535", "192.0.2.7:8080", "[::1]:443", "[2001:db8::7]:1"}) {
    const auto address = TcpAddress::parse("listen", text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(TcpAddress, HasOneSpellingForEachAddressOfIpv6) {
  const auto address = TcpAddress::parse("listen", "[2001:0DB8:0:0::07]:1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->text(), "[2001:db8::7]:1");
}

TEST(TcpAddress, RefusesWhatIsNoNumericAddressWithAPort) {
  for (const char* const text : {"",
                                 ":",
                                 "8080",
                                 ":8080",
                                 "localhost:8080",
                                 "127.0.0.1",
                                 "127.0.0.1:",
                                 "127.0.0.1:65536",
                                 "127.0.0.1:-1",
                                 "127.0.0.1: 80",
                                 "127.1:80",
                                 "0177.0.0.1:80",
                                 "::1:80",
                                 "[::1]",
                                 "[::1]80",
                                 "[]:80",
                                 "[127.0.0.1]:80",
                                 "[::1%lo]:80",
                                 "127.0.0.1:080",
                                 "127.0.0.01:80",
                                 "127.0.0.1:80:80",
                                 "[::1:80",
                                 "127.0.0.1 :80",
                                 "http://127.0.0.1:80"}) {
    EXPECT_TRUE(fails_with(TcpAddress::parse("listen", text), ErrorCode::usage, "listen")) << text;
  }
}

TEST(TcpAddress, IsLoopbackOnlyWhereThisMachineAloneReachesIt) {
  for (const char* const text : {"127.0.0.1:1", "127.255.0.3:1", "[::1]:1", "[0:0::1]:1"}) {
    EXPECT_TRUE(TcpAddress::parse("listen", text)->is_loopback()) << text;
  }
  for (const char* const text :
       {"0.0.0.0:1", "[::]:1", "128.0.0.1:1", "12.7.0.1:1", "[::127.0.0.1]:1", "[::2]:1",
        "[::ffff:127.0.0.1]:1", "[fe80::1]:1"}) {
    EXPECT_FALSE(TcpAddress::parse("listen", text)->is_loopback()) << text;
  }
}

}  // namespace
}  // namespace keystone::cli
