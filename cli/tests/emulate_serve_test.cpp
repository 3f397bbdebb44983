// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve.hpp"

#include "keystone/testing/fails_with.hpp"

namespace keystone::cli::attest {
namespace {

using testing::fails_with;

// --- Addresses ---------------------------------------------------------------------------------

TEST(ServeSockets, ListenWhereTheyAreTold) {
  for (const std::string host : {"127.0.0.1", "127.255.0.9"}) {
    const auto listener = listen_at({host, 0, false});
    ASSERT_TRUE(listener) << listener.error().message;
    const auto address = address_of(*listener).value();
    EXPECT_EQ(address.host, host);
    EXPECT_NE(address.port, 0U);
    EXPECT_TRUE(fails_with(listen_at(address), ErrorCode::unwritable, address.text()));
  }
}

TEST(ServeSockets, AreNotWhatHasNoAddress) {
  EXPECT_TRUE(fails_with(address_of(Descriptor()), ErrorCode::internal, "getsockname"));
  EXPECT_TRUE(fails_with(listen_at({"192.0.2.1", 0, false}), ErrorCode::unwritable, "192.0.2.1:0"));
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
