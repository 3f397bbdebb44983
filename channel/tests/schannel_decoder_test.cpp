// SPDX-License-Identifier: Apache-2.0
#include "hellos.hpp"

namespace keystone::channel::schannel {
namespace {

const Bytes kBehind{0xde, 0xad, 0xbe, 0xef};

// Feeds the pieces up to the one that ends the hello. How many bytes it took in all.
template <class Hello>
Result<std::size_t> feed_all(HelloDecoder<Hello>& decoder, const std::vector<ByteView>& pieces) {
  std::size_t taken = 0;
  for (const ByteView piece : pieces) {
    KEYSTONE_TRY(const auto part, decoder.feed(piece));
    taken += part;
  }
  return taken;
}

// That decoder fails as it reads the byte at `at`, which is the last of `bytes`, and not before.
template <class Hello>
::testing::AssertionResult fails_at_last_byte(Dialect dialect, ByteView bytes,
                                              std::string_view field) {
  HelloDecoder<Hello> decoder(dialect);
  const auto before = decoder.feed(bytes.first(bytes.size() - 1));
  if (!before || *before != bytes.size() - 1) {
    return ::testing::AssertionFailure() << "it did not take what comes before";
  }
  return fails_with(decoder.feed(bytes.last(1)), ErrorCode::malformed, field);
}

TEST(HelloDecoder, GivesTheSameClientHelloHoweverTheStreamIsCut) {
  for (const Dialect dialect : kDialects) {
    const Bytes hello = client_bytes(dialect);
    const Bytes stream = joined({hello, kBehind});
    for (const auto& pieces : cuts_of(stream)) {
      HelloDecoder<ClientHello> decoder(dialect);
      EXPECT_EQ(feed_all(decoder, pieces).value(), hello.size());
      EXPECT_EQ(encode(dialect, decoder.hello().value().value()), hello);
      EXPECT_TRUE(decoder.finish());
    }
  }
}

TEST(HelloDecoder, GivesTheSameBoundClientHelloHoweverTheStreamIsCut) {
  for (const Dialect dialect : kDialects) {
    const Bytes hello = bound_client_bytes(dialect);
    const Bytes stream = joined({hello, kBehind});
    for (const auto& pieces : cuts_of(stream)) {
      HelloDecoder<BoundClientHello> decoder(dialect);
      EXPECT_EQ(feed_all(decoder, pieces).value(), hello.size());
      const auto read = decoder.hello().value().value();
      EXPECT_EQ(read.nonce, BoundNonce::from("nonce", counting(32)).value());
      EXPECT_EQ(read.public_key, PublicKey::from(key_bytes()).value());
      EXPECT_EQ(encode(dialect, read), hello);
    }
  }
}

TEST(HelloDecoder, GivesTheSameServerHelloHoweverTheStreamIsCut) {
  for (const Dialect dialect : kDialects) {
    for (const std::size_t data_size : {0U, 9U}) {
      const Bytes hello = server_bytes(dialect, data_size);
      const Bytes stream = joined({hello, kBehind});
      for (const auto& pieces : cuts_of(stream)) {
        HelloDecoder<ServerHello> decoder(dialect);
        EXPECT_EQ(feed_all(decoder, pieces).value(), hello.size());
        EXPECT_EQ(encode(dialect, decoder.hello().value().value()).value(), hello);
        EXPECT_TRUE(decoder.finish());
      }
    }
  }
}

TEST(HelloDecoder, TakesNoByteBehindTheHello) {
  const Bytes hello = client_bytes(Dialect::schannel);
  HelloDecoder<ClientHello> decoder(Dialect::schannel);
  EXPECT_EQ(decoder.feed(joined({hello, Bytes(100'000)})).value(), hello.size());
  EXPECT_EQ(decoder.feed(Bytes(100'000)).value(), 0U);
  EXPECT_EQ(decoder.held(), hello.size());
}

TEST(HelloDecoder, HoldsNoMoreThanTheLargestHello) {
  const Bytes stream = joined({server_bytes(Dialect::wasm, 1024), Bytes(100'000)});
  HelloDecoder<ServerHello> decoder(Dialect::wasm);
  EXPECT_EQ(decoder.feed(stream).value(), 1451U);
  EXPECT_EQ(decoder.held(), 1451U);
  EXPECT_EQ(HelloDecoder<ServerHello>::kMaxHeld, 1451U);
}

TEST(HelloDecoder, NeedsEveryByteOfAHello) {
  const Bytes hello = server_bytes(Dialect::schannel, 3);
  HelloDecoder<ServerHello> decoder(Dialect::schannel);
  for (std::size_t i = 0; i < hello.size(); ++i) {
    EXPECT_FALSE(decoder.hello().value().has_value()) << i;
    EXPECT_TRUE(fails_with(decoder.finish(), ErrorCode::malformed,
                           {"stream:", std::to_string(i) + " bytes into"}));
    EXPECT_EQ(decoder.feed(ByteView(hello).subspan(i, 1)).value(), 1U);
  }
  EXPECT_TRUE(decoder.hello().value().has_value());
}

TEST(HelloDecoder, RejectsEveryOtherLengthAtThePrefix) {
  for (int length = 0; length < 256; ++length) {
    for (const Dialect dialect : kDialects) {
      const Bytes prefix = length_bytes(dialect, static_cast<std::uint8_t>(length));
      HelloDecoder<ClientHello> client(dialect);
      EXPECT_EQ(client.feed(prefix).has_value(), length == 9) << length;
      HelloDecoder<BoundClientHello> bound(dialect);
      EXPECT_EQ(bound.feed(prefix).has_value(), length == 32) << length;
      HelloDecoder<ServerHello> server(dialect);
      EXPECT_EQ(server.feed(prefix).has_value(), length == 97) << length;
    }
  }
}

TEST(HelloDecoder, RejectsALengthWithAHighByte) {
  EXPECT_TRUE(fails_at_last_byte<ClientHello>(Dialect::wasm, Bytes{9, 1}, "nonce length: got 265"));
  EXPECT_TRUE(fails_at_last_byte<ServerHello>(Dialect::wasm, Bytes{97, 0xff},
                                              "public key length: got 65377"));
}

TEST(HelloDecoder, RejectsAKeyThatIsNotUncompressedAtItsFirstByte) {
  for (const Dialect dialect : kDialects) {
    for (const auto form : std::initializer_list<std::uint8_t>{0, 2, 3, 5, 6, 7, 0x84}) {
      EXPECT_TRUE(fails_at_last_byte<ClientHello>(
          dialect, joined({length_bytes(dialect, 9), counting(9), {form}}), "public key"));
      EXPECT_TRUE(fails_at_last_byte<BoundClientHello>(
          dialect, joined({length_bytes(dialect, 32), counting(32), {form}}), "public key"));
      EXPECT_TRUE(fails_at_last_byte<ServerHello>(
          dialect, joined({length_bytes(dialect, 97), {form}}), "public key"));
    }
  }
}

TEST(HelloDecoder, RejectsADataLengthOverTheBoundBeforeAnyData) {
  const Bytes lengths[] = {{0x01, 0x04, 0, 0, 0, 0, 0, 0},  // 1025
                           {0x00, 0x80, 0, 0, 0, 0, 0, 0},
                           {0x09, 0, 0, 0, 1, 0, 0, 0},  // 9, to whom reads 32 bits
                           {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0},
                           {0xb8, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},  // 2^64 - 328
                           {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  for (const Dialect dialect : kDialects) {
    for (const Bytes& length : lengths) {
      const Bytes stream = joined({length_bytes(dialect, 97), key_bytes(), counting(64), length});
      EXPECT_TRUE(fails_at_last_byte<ServerHello>(dialect, stream, "data_len: got"));
    }
  }
}

TEST(HelloDecoder, StaysFailedAndHoldsNothing) {
  HelloDecoder<ClientHello> decoder(Dialect::schannel);
  ASSERT_FALSE(decoder.feed(Bytes{8}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(fails_with(decoder.feed(client_bytes(Dialect::schannel)), ErrorCode::malformed,
                           "nonce length: got 8"));
    EXPECT_TRUE(fails_with(decoder.hello(), ErrorCode::malformed, "got 8"));
    EXPECT_TRUE(fails_with(decoder.finish(), ErrorCode::malformed, "got 8"));
    EXPECT_EQ(decoder.held(), 0U);
  }
}

}  // namespace
}  // namespace keystone::channel::schannel
