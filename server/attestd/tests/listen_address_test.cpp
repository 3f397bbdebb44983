// SPDX-License-Identifier: Apache-2.0
#include "attestd/listen_address.hpp"

#include <gtest/gtest.h>

namespace keystone::server::attestd {
namespace {

TEST(ListenAddress, ReadsBothFamiliesAndSpellsThemBack) {
  for (const std::string text :
       {"127.0.0.1:0", "0.0.0.0:65535", "192.0.2.7:8080", "[::1]:443", "[2001:db8::7]:1"}) {
    const auto address = ListenAddress::parse("listen", text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(ListenAddress, HasOneSpellingForEachAddressOfIpv6) {
  const auto address = ListenAddress::parse("listen", "[2001:0DB8:0:0::07]:1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->text(), "[2001:db8::7]:1");
}

TEST(ListenAddress, RefusesWhatIsNoNumericAddressWithAPort) {
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
                                 "127.0.0.1 :80",
                                 "http://127.0.0.1:80"}) {
    const auto address = ListenAddress::parse("listen", text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, ErrorCode::usage) << text;
  }
}

TEST(ListenAddress, IsLoopbackOnlyWhereThisMachineAloneReachesIt) {
  for (const char* const text : {"127.0.0.1:1", "127.255.0.3:1", "[::1]:1", "[0:0::1]:1"}) {
    EXPECT_TRUE(ListenAddress::parse("listen", text)->is_loopback()) << text;
  }
  for (const char* const text :
       {"0.0.0.0:1", "[::]:1", "128.0.0.1:1", "12.7.0.1:1", "[::127.0.0.1]:1", "[::2]:1",
        "[::ffff:127.0.0.1]:1", "[fe80::1]:1"}) {
    EXPECT_FALSE(ListenAddress::parse("listen", text)->is_loopback()) << text;
  }
}

}  // namespace
}  // namespace keystone::server::attestd
