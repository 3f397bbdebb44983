// SPDX-License-Identifier: Apache-2.0
#include "hellos.hpp"

#include <type_traits>

namespace keystone::channel::schannel {
namespace {

static_assert(!std::is_default_constructible_v<PublicKey>);

TEST(SchannelHello, IsEncodedAsTheDemosSendIt) {
  const ClientHello client{Nonce::from("nonce", counting(9)).value(),
                           PublicKey::from(key_bytes()).value()};
  const ServerHello server{client.public_key, report_bytes(9)};
  for (const Dialect dialect : kDialects) {
    EXPECT_EQ(encode(dialect, client), client_bytes(dialect));
    EXPECT_EQ(encode(dialect, server).value(), server_bytes(dialect, 9));
  }
  EXPECT_EQ(client_bytes(Dialect::schannel).size(), 107U);
  EXPECT_EQ(client_bytes(Dialect::wasm).size(), 108U);
}

TEST(SchannelHello, IsDecodedIntoItsParts) {
  for (const Dialect dialect : kDialects) {
    const auto client = decode_client_hello(dialect, client_bytes(dialect));
    ASSERT_TRUE(client);
    EXPECT_EQ(client->nonce, Nonce::from("nonce", counting(9)).value());
    EXPECT_EQ(client->public_key, PublicKey::from(key_bytes()).value());
    for (const std::size_t data_size : {0U, 1U, 9U, 255U, 256U, 1023U, 1024U}) {
      const auto server = decode_server_hello(dialect, server_bytes(dialect, data_size));
      ASSERT_TRUE(server) << data_size;
      EXPECT_EQ(server->public_key, PublicKey::from(key_bytes()).value());
      EXPECT_EQ(server->report, report_bytes(data_size));
    }
  }
}

// The Rust SDK's own compact reports: it parses exactly those whose size is what data_len says.
TEST(SchannelHello, CarriesTheReportsThatTheSdkParsesAndNoOthers) {
  std::size_t parsed = 0;
  std::size_t refused = 0;
  const auto vectors = testing::read_vector_json("rust-sdk-0.3/evidence.json");
  for (const auto& entry : vectors.at("cases")) {
    testing::require_keys(entry, {"name", "len", "nonce", "enclave_hash", "sm_hash", "dev_pk",
                                  "rust_sdk", "cpp_sdk", "file"});
    const auto name = entry.at("name").get<std::string>();
    const Bytes report =
        testing::read_vector_file("rust-sdk-0.3/evidence/" + entry.at("file").get<std::string>());
    EXPECT_EQ(report.size(), entry.at("len").get<std::size_t>()) << name;
    const bool parses = entry.at("rust_sdk").get<std::string>() != "ParseError";
    ++(parses ? parsed : refused);
    const ServerHello hello{PublicKey::from(key_bytes()).value(), report};
    EXPECT_EQ(encode(Dialect::wasm, hello).has_value(), parses) << name;
    const Bytes wire = joined({length_bytes(Dialect::wasm, 97), key_bytes(), report});
    EXPECT_EQ(decode_server_hello(Dialect::wasm, wire).has_value(), parses) << name;
  }
  EXPECT_GE(parsed, 15U);
  EXPECT_GE(refused, 3U);
}

TEST(SchannelHello, IsRejectedInTheOtherDialect) {
  EXPECT_FALSE(decode_client_hello(Dialect::wasm, client_bytes(Dialect::schannel)));
  EXPECT_FALSE(decode_server_hello(Dialect::wasm, server_bytes(Dialect::schannel, 9)));
  EXPECT_TRUE(fails_with(decode_client_hello(Dialect::schannel, client_bytes(Dialect::wasm)),
                         ErrorCode::malformed, "public key"));
  EXPECT_TRUE(fails_with(decode_server_hello(Dialect::schannel, server_bytes(Dialect::wasm, 9)),
                         ErrorCode::malformed, "public key"));
}

TEST(SchannelHello, IsRejectedAtEveryOtherSize) {
  for (const Dialect dialect : kDialects) {
    const Bytes client = joined({client_bytes(dialect), {0}});
    for (std::size_t size = 0; size <= client.size(); ++size) {
      const auto hello = decode_client_hello(dialect, ByteView(client).first(size));
      EXPECT_EQ(hello.has_value(), size + 1 == client.size()) << size;
    }
    const Bytes server = joined({server_bytes(dialect, 9), {0}});
    for (std::size_t size = 0; size <= server.size(); ++size) {
      const auto hello = decode_server_hello(dialect, ByteView(server).first(size));
      EXPECT_EQ(hello.has_value(), size + 1 == server.size()) << size;
    }
  }
}

TEST(SchannelHello, IsNotEncodedAroundAReportOfAnotherSize) {
  const PublicKey key = PublicKey::from(key_bytes()).value();
  for (const std::size_t size : {0U, 71U, 72U, 327U, 336U, 338U}) {
    Bytes report = report_bytes(9);
    report.resize(size);
    EXPECT_TRUE(fails_with(encode(Dialect::schannel, ServerHello{key, report}),
                           ErrorCode::malformed, {"report size:", "got " + std::to_string(size)}));
  }
  EXPECT_TRUE(fails_with(encode(Dialect::schannel, ServerHello{key, report_bytes(1025)}),
                         ErrorCode::malformed, {"data_len:", "got 1025", "at most 1024"}));
}

TEST(SchannelPublicKey, IsMadeOfNothingButAnUncompressedPoint) {
  EXPECT_TRUE(PublicKey::from(key_bytes()));
  for (int first = 0; first < 256; ++first) {
    Bytes bytes = key_bytes();
    bytes.front() = static_cast<std::uint8_t>(first);
    EXPECT_EQ(PublicKey::from(bytes).has_value(), first == 4) << first;
  }
}

TEST(SchannelPublicKey, IsRejectedAtEveryOtherSize) {
  for (const std::size_t size : {0U, 1U, 49U, 96U, 98U}) {
    Bytes bytes = key_bytes();
    bytes.resize(size);
    EXPECT_TRUE(fails_with(PublicKey::from(bytes), ErrorCode::malformed,
                           {"public key:", "got " + std::to_string(size), "want 97"}));
  }
}

}  // namespace
}  // namespace keystone::channel::schannel
