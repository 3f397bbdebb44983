// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve.hpp"

#include "keystone/testing/fails_with.hpp"

namespace keystone::cli::attest {
namespace {

using testing::fails_with;

// --- Addresses ---------------------------------------------------------------------------------

TEST(SocketAddress, IsReadAndWrittenAsNumbers) {
  for (const std::string text : {"127.0.0.1:0", "127.255.0.9:65535", "[::1]:8067", "0.0.0.0:80"}) {
    EXPECT_EQ(SocketAddress::parse("--listen", text).value().text(), text);
  }
}

TEST(SocketAddress, IsRefusedInEveryOtherSpelling) {
  for (const std::string text :
       {"", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1: 80", "127.1:80", "127.0.0.01:80", "localhost:80", "::1:80", "[]:80", "[::1:80",
        "[127.0.0.1]:80", "[::1%lo]:80", "127.0.0.1:80:80"}) {
    EXPECT_TRUE(fails_with(SocketAddress::parse("--listen", text), ErrorCode::usage, "--listen"))
        << text;
  }
}

TEST(SocketAddress, IsALoopbackOneOnlyIfNobodyElseReachesIt) {
  for (const std::string text : {"127.0.0.1:0", "127.255.255.255:0", "[::1]:0"}) {
    EXPECT_TRUE(SocketAddress::parse("a", text).value().is_loopback()) << text;
  }
  for (const std::string text : {"0.0.0.0:0", "128.0.0.1:0", "126.255.255.255:0", "192.0.2.1:0",
                                 "[::]:0", "[2001:db8::1]:0", "[::ffff:127.0.0.1]:0"}) {
    EXPECT_FALSE(SocketAddress::parse("a", text).value().is_loopback()) << text;
  }
}

// --- Options -----------------------------------------------------------------------------------

EmulateSpelling served() {
  EmulateSpelling spelt;
  spelt.device_key = "board.key";
  spelt.firmware = "fw.bin";
  spelt.eapp = "eapp";
  spelt.runtime = "runtime";
  spelt.loader = "loader";
  spelt.listen = "127.0.0.1:0";
  spelt.protocol = "raw";
  return spelt;
}

::testing::AssertionResult refuses(EmulateSpelling spelt, std::string EmulateSpelling::*member,
                                   const std::string& text, std::string_view fact) {
  spelt.*member = text;
  return fails_with(read_serve({}, spelt), ErrorCode::usage, fact);
}

TEST(ServeArguments, AreLimitsWithinBounds) {
  const auto limits = read_serve({}, served()).value().limits;
  EXPECT_EQ(limits.timeout.count(), 10);
  EXPECT_EQ(limits.max_connections, 64U);
  EXPECT_FALSE(limits.requests.has_value());
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::timeout, "0", "--timeout"));
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::timeout, "3601", "--timeout"));
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::max_connections, "0", "--max-connections"));
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::max_connections, "1001", "--max-connections"));
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::requests, "0", "--requests"));
}

TEST(ServeArguments, AreAnAddressThatOthersReachOnlyIfThatIsAllowed) {
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::listen, "0.0.0.0:80", "loopback"));
  EmulateSpelling spelt = served();
  spelt.listen = "0.0.0.0:80";
  spelt.allow_remote = true;
  EXPECT_TRUE(read_serve({}, spelt).has_value());
}

TEST(ServeArguments, AreAFormAndABindingWhereTheProtocolHasThem) {
  EXPECT_TRUE(refuses(served(), &EmulateSpelling::protocol, "http", "--protocol"));
  EmulateSpelling spelt = served();
  spelt.format = "json";
  EXPECT_EQ(read_serve({}, spelt).value().kind.format, ReportFormat::json);
  EXPECT_TRUE(refuses(spelt, &EmulateSpelling::protocol, "wasm-demo", "--format"));
  spelt.format = "";
  spelt.bind = true;
  EXPECT_TRUE(refuses(spelt, &EmulateSpelling::protocol, "raw", "--bind"));
  spelt.protocol = "schannel-demo";
  EXPECT_TRUE(read_serve({}, spelt).value().kind.bound);
}

}  // namespace
}  // namespace keystone::cli::attest
