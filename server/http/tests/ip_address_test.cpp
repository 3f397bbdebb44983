// SPDX-License-Identifier: Apache-2.0
#include "http/src/ip_address.hpp"

#include "http/src/forwarded.hpp"
#include "keystone/testing/fails_with.hpp"

namespace keystone::server::http {
namespace {

using keystone::testing::fails_with;

IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(IpAddress, IsReadAndWrittenInNumbers) {
  for (const std::string text : {"127.0.0.1", "192.0.2.7", "::1", "2001:db8::7", "::"}) {
    EXPECT_EQ(address(text).text(), text);
  }
  for (const std::string text : {"", "localhost", "127.1", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
                                 "::1%lo", "[::1]", "::g", "1.2.3.4 ", "1:2:3:4:5:6:7"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0x", 9)));
}

TEST(IpAddress, IsTheSameMappedIntoIPv6) {
  EXPECT_EQ(address("::ffff:192.0.2.7"), address("192.0.2.7"));
  EXPECT_EQ(address("::ffff:192.0.2.7").text(), "192.0.2.7");
}

TEST(IpAddress, IsALoopbackOneOnlyIfNobodyElseReachesIt) {
  for (const std::string_view text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(address(text).is_loopback()) << text;
  }
  for (const std::string_view text : {"126.0.0.1", "128.0.0.1", "0.0.0.0", "::", "::2", "1::1"}) {
    EXPECT_FALSE(address(text).is_loopback()) << text;
  }
}

TEST(IpAddress, CountsAsOneClientInA64OfIPv6) {
  EXPECT_EQ(address("2001:db8::1").group(), address("2001:db8::ffff:1").group());
  EXPECT_NE(address("2001:db8:0:1::1").group(), address("2001:db8::1").group());
  EXPECT_NE(address("192.0.2.1").group(), address("192.0.2.2").group());
}

// --- Proxies -----------------------------------------------------------------------------------

TrustedProxies proxies(const std::vector<std::string>& networks) {
  return TrustedProxies::parse(networks).value();
}

TEST(TrustedProxies, ContainTheirNetworksAndNothingElse) {
  const auto trusted = proxies({"10.0.0.0/8", "192.0.2.128/25", "2001:db8::/33", "198.51.100.1"});
  for (const std::string_view text : {"10.255.0.1", "192.0.2.128", "192.0.2.255", "198.51.100.1",
                                      "2001:db8:7fff::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(trusted.contain(address(text))) << text;
  }
  for (const std::string_view text :
       {"11.0.0.1", "192.0.2.127", "198.51.100.2", "2001:db8:8000::1", "2001:db9::1", "::a00:1"}) {
    EXPECT_FALSE(trusted.contain(address(text))) << text;
  }
  EXPECT_TRUE(proxies({"0.0.0.0/0"}).contain(address("8.8.8.8")));
  EXPECT_FALSE(proxies({"0.0.0.0/0"}).contain(address("2001:db8::1")));
  EXPECT_FALSE(proxies({}).contain(address("127.0.0.1")));
}

TEST(TrustedProxies, AreRefusedInEveryOtherSpelling) {
  for (const std::string text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1",
                                 "10/8", "proxy", "10.0.0.0/8/8", "10.0.0.0 /8"}) {
    EXPECT_TRUE(fails_with(TrustedProxies::parse({text}), ErrorCode::usage, "proxies")) << text;
  }
}

// --- Whose request it is -------------------------------------------------------------------------

std::string client(std::string_view peer, const std::vector<Header>& headers,
                   ForwardedHeader header = ForwardedHeader::x_forwarded_for) {
  static const TrustedProxies kTrusted = proxies({"10.0.0.0/8", "2001:db8:f::/48"});
  return client_address(address(peer), headers, kTrusted, header).text();
}

TEST(ClientAddress, IsWhomTheLastProxySaw) {
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", "192.0.2.1 , 10.0.0.2"}}), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "2001:db8::1"}}), "2001:db8::1");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:80"}}), "2001:db8::1");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1:4711"}}), "192.0.2.1");
}

TEST(ClientAddress, IsNotWhatTheClientMadeUp) {
  EXPECT_EQ(client("192.0.2.9", {{"X-Forwarded-For", "127.0.0.1"}}), "192.0.2.9");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "127.0.0.1, 192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "127.0.0.1, 192.0.2.1, 10.0.0.2"}}),
            "192.0.2.1");
  EXPECT_EQ(
      client("10.0.0.1", {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "192.0.2.1"}}),
      "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {{"Forwarded", "for=127.0.0.1"}, {"X-Forwarded-For", "192.0.2.1"}}),
            "192.0.2.1");
}

TEST(ClientAddress, IsTheLastProxyWhereItsWordIsNoAddress) {
  for (const std::string value : {"unknown", "", ",", "_hidden", "192.0.2.1, x", "[::1", "1.2.3"}) {
    EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", value}}), "10.0.0.1") << value;
  }
  EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
}

// The examples of RFC 7239, sections 4 and 7.
TEST(ClientAddress, IsReadFromForwarded) {
  const auto read = [](std::string value) {
    return client("10.0.0.1", {{"Forwarded", std::move(value)}}, ForwardedHeader::forwarded);
  };
  EXPECT_EQ(read("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
  EXPECT_EQ(read("For=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17");
  EXPECT_EQ(read("for=192.0.2.43, for=198.51.100.17"), "198.51.100.17");
  EXPECT_EQ(read("for=192.0.2.43;by=x, proto=https; for=10.0.0.7"), "192.0.2.43");
  EXPECT_EQ(read("for=\"_gazonk\""), "10.0.0.1");
  EXPECT_EQ(read("proto=http"), "10.0.0.1");
  // What the client put into its Host is no separator.
  EXPECT_EQ(read(R"(for=192.0.2.1;host="x,for=127.0.0.1;y=")"), "192.0.2.1");
  EXPECT_EQ(read(R"(host="x;for=127.0.0.1;y=";for=192.0.2.1)"), "192.0.2.1");
  EXPECT_EQ(read(R"(for=192.0.2.1;host="x\",for=127.0.0.1;y=\"")"), "192.0.2.1");
  EXPECT_EQ(read(R"(for="127.0.0.1, for=192.0.2.1)"), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", {{"X-Forwarded-For", "127.0.0.1"}}, ForwardedHeader::forwarded),
            "10.0.0.1");
}

}  // namespace
}  // namespace keystone::server::http
