// SPDX-License-Identifier: Apache-2.0
#include "origin.hpp"

#include <keystone/testing/fails_with.hpp>

namespace keystone::detail {
namespace {

using testing::fails_with;

TEST(Origin, IsASchemeAHostAndAPort) {
  EXPECT_EQ(parse_origin("url", "https://example.com"), (Origin{true, "example.com", 443}));
  EXPECT_EQ(parse_origin("url", "HTTPS://Example.COM:8443/"), (Origin{true, "example.com", 8443}));
  EXPECT_EQ(parse_origin("url", "http://127.0.0.1:80"), (Origin{false, "127.0.0.1", 80}));
  EXPECT_EQ(parse_origin("url", "https://[2001:DB8::1]:1"), (Origin{true, "2001:db8::1", 1}));
}

TEST(Origin, TakesNothingElse) {
  for (const char* text : {"",
                           "example.com",
                           "https:/example.com",
                           "https://",
                           "https:///",
                           "ftp://example.com",
                           "https://example.com/path",
                           "https://example.com?q",
                           "https://example.com#f",
                           "https://user@example.com",
                           "https://user:password@example.com",
                           "https://example.com:",
                           "https://example.com:0",
                           "https://example.com:65536",
                           "https://example.com:0x50",
                           "https://example.com:443:443",
                           "https://exa mple.com",
                           "https://example.com\r\n",
                           "https://[::1",
                           "https://::1",
                           "https://[example.com]",
                           "https://[::1]x",
                           "https://[]",
                           "https://example.com//",
                           "https://caf\xc3\xa9.example"}) {
    EXPECT_TRUE(fails_with(parse_origin("url", text), ErrorCode::usage, "url: got")) << text;
  }
}

TEST(Origin, LeavesOutThePortOfTheScheme) {
  EXPECT_EQ(parse_origin("url", "https://example.com:443")->authority(), "example.com");
  EXPECT_EQ(parse_origin("url", "https://example.com:80")->authority(), "example.com:80");
  EXPECT_EQ(parse_origin("url", "https://[::1]:444")->authority(), "[::1]:444");
}

TEST(Origin, IsLoopbackByAddressOrByItsName) {
  for (const char* text :
       {"http://127.0.0.1", "http://127.1.2.3:80", "http://[::1]", "http://localhost:1"}) {
    EXPECT_TRUE(is_loopback(parse_origin("url", text).value())) << text;
  }
  for (const char* text : {"http://127.0.0.1.example.com", "http://example.com", "http://128.0.0.1",
                           "http://[::2]", "http://localhost.example.com", "http://127.1"}) {
    EXPECT_FALSE(is_loopback(parse_origin("url", text).value())) << text;
  }
}

TEST(Origin, ResolvesALocationAsPathsAreResolved) {
  const Origin origin{true, "example.com", 443};
  const auto resolve = [&](std::string_view location) {
    return resolve_location(origin, "/a/b/new", location);
  };
  EXPECT_EQ(resolve("/x/y"), "/x/y");
  EXPECT_EQ(resolve("x/y"), "/a/b/x/y");
  EXPECT_EQ(resolve("https://example.com/x"), "/x");
  EXPECT_EQ(resolve("https://EXAMPLE.com:443/x"), "/x");
  for (const char* location :
       {"https://example.com:444/x", "http://example.com/x", "https://example.com",
        "https://other.example/x", "//other/x", "../x", "/../x", "/x/..", "x y", "/x\r\nA: b",
        "/x?y", "javascript:x://"}) {
    EXPECT_TRUE(fails_with(resolve(location), ErrorCode::malformed, "location")) << location;
  }
  EXPECT_TRUE(fails_with(resolve("/" + std::string(9000, 'a')), ErrorCode::malformed));
}

}  // namespace
}  // namespace keystone::detail
