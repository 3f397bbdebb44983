// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/keystone_demo.hpp"

#include "stream.hpp"

#include <limits>

namespace keystone::channel::keystone_demo {
namespace {

Bytes header(std::uint64_t length) {
  Bytes bytes{0x34, 0x12, 0, 0, 0, 0, 0, 0};
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes.push_back(static_cast<std::uint8_t>(length >> shift));
  }
  return bytes;
}

// --- The first messages ------------------------------------------------------------------------

TEST(KeystoneDemoHandshake, IsAReportAndAKeyOfExactlyTheirSizes) {
  EXPECT_TRUE(ReportBytes::from("report", counting(1352)));
  EXPECT_TRUE(ClientKey::from("client key", counting(32)));
  for (const std::size_t size : {0U, 337U, 1351U, 1353U, 2048U}) {
    EXPECT_TRUE(fails_with(ReportBytes::from("report", Bytes(size)), ErrorCode::malformed));
  }
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    EXPECT_TRUE(fails_with(ClientKey::from("client key", Bytes(size)), ErrorCode::malformed));
  }
}

// --- Envelopes ---------------------------------------------------------------------------------

// libsodium's sodium_pad() always adds a byte: 80, then zeros to the block's end.
TEST(KeystoneDemoEnvelope, IsThatOfAPlaintextPaddedByAtLeastOneByte) {
  EXPECT_EQ(padded_size(0), 32U);
  EXPECT_EQ(padded_size(31), 32U);
  EXPECT_EQ(padded_size(32), 64U);
  EXPECT_EQ(envelope_size(kReply), 16U + 32U + 24U);
  EXPECT_EQ(envelope_size(kMessageHeader), 72U);
  EXPECT_EQ(envelope_size(kMessageHeader + 16), 104U);
  EXPECT_EQ(kMaxEnvelope, 16U + 4128U + 24U);
}

TEST(KeystoneDemoEnvelope, IsTheCiphertextAndThenTheNonce) {
  const Bytes payload = counting(104);
  const auto envelope = split_envelope(payload);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->ciphertext, counting(80));
  EXPECT_EQ(envelope->nonce, EnvelopeNonce::from("nonce", counting(24, 81)).value());
  EXPECT_EQ(join_envelope(*envelope).value(), payload);
}

TEST(KeystoneDemoEnvelope, HasOnlyTheSizesOfWholeBlocks) {
  for (std::size_t size = 0; size <= 4168; ++size) {
    const bool fits = size >= 72 && (size - 72) % 32 == 0;
    const auto envelope = split_envelope(Bytes(size));
    if (fits) {
      EXPECT_TRUE(envelope) << size;
    } else {
      EXPECT_TRUE(fails_with(envelope, ErrorCode::malformed, "got " + std::to_string(size)));
    }
  }
}

TEST(KeystoneDemoEnvelope, IsRejectedOverTheBound) {
  for (const std::size_t size : {4169U, 4200U, 1'000'000U}) {
    EXPECT_TRUE(fails_with(split_envelope(Bytes(size)), ErrorCode::limit_exceeded,
                           {"envelope size:", "at most 4168"}));
  }
}

TEST(KeystoneDemoEnvelope, IsNotJoinedFromACiphertextOfAnotherSize) {
  const auto nonce = EnvelopeNonce::from("nonce", counting(24)).value();
  EXPECT_TRUE(join_envelope({Bytes(48), nonce}));
  EXPECT_TRUE(join_envelope({Bytes(4144), nonce}));
  for (const std::size_t size : {0U, 16U, 47U, 49U, 64U}) {
    EXPECT_TRUE(fails_with(join_envelope({Bytes(size), nonce}), ErrorCode::malformed)) << size;
  }
  EXPECT_TRUE(fails_with(join_envelope({Bytes(4176), nonce}), ErrorCode::limit_exceeded));
}

// --- Messages and replies ----------------------------------------------------------------------

TEST(KeystoneDemoMessage, IsEncodedWithZerosBehindTheType) {
  const Bytes text{'h', 'i', 0};
  EXPECT_EQ(encode_message({0x1234, text}).value(), joined({header(3), text}));
  EXPECT_EQ(encode_message({0x1234, {}}).value(), header(0));
}

TEST(KeystoneDemoMessage, IsReadBackWithAnyTypeAndText) {
  for (const auto type : std::initializer_list<std::uint16_t>{0, 1, 0x00ff, 0xff00, 0xffff}) {
    for (const std::size_t size : {0U, 1U, 255U, 256U, 4096U}) {
      const auto message = decode_message(encode_message({type, counting(size)}).value());
      ASSERT_TRUE(message) << size;
      EXPECT_EQ(message->type, type);
      EXPECT_EQ(message->text, counting(size));
    }
  }
}

// The demo's client allocates a message and writes the fields, but not the bytes between them.
TEST(KeystoneDemoMessage, IsReadWhateverStandsBetweenItsFields) {
  Bytes plaintext = joined({header(2), {7, 8}});
  std::fill(plaintext.begin() + 2, plaintext.begin() + 8, std::uint8_t{0xee});
  const auto message = decode_message(plaintext);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, 0x1234);
  EXPECT_EQ(encode_message(*message).value(), joined({header(2), {7, 8}}));
}

TEST(KeystoneDemoMessage, IsRejectedWithoutItsHeader) {
  for (std::size_t size = 0; size < 16; ++size) {
    EXPECT_TRUE(fails_with(decode_message(Bytes(size)), ErrorCode::malformed, "message size"));
  }
}

TEST(KeystoneDemoMessage, IsRejectedUnlessTheTextEndsWhereItSays) {
  for (const std::uint64_t length : {0U, 1U, 2U, 4U, 5U, 19U, 4096U}) {
    EXPECT_TRUE(fails_with(decode_message(joined({header(length), {7, 8, 9}})),
                           ErrorCode::malformed, {"text length:", "want 3"}));
  }
}

TEST(KeystoneDemoMessage, IsRejectedWithALengthOverTheBound) {
  for (const std::uint64_t length :
       {std::uint64_t{4097}, std::uint64_t{0xffff'ffff}, std::uint64_t{0x1'0000'0003},
        std::numeric_limits<std::uint64_t>::max() - 12,
        std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_TRUE(fails_with(decode_message(joined({header(length), {7, 8, 9}})),
                           ErrorCode::limit_exceeded, {"text length:", "at most 4096"}));
  }
}

TEST(KeystoneDemoMessage, IsRejectedWithATextOverTheBoundThoughItIsThere) {
  EXPECT_TRUE(fails_with(decode_message(joined({header(4097), Bytes(4097)})),
                         ErrorCode::limit_exceeded, "got 4097"));
  EXPECT_TRUE(fails_with(encode_message({1, Bytes(4097)}), ErrorCode::limit_exceeded,
                         {"text size:", "got 4097", "at most 4096"}));
}

TEST(KeystoneDemoReply, IsALittleEndianInt32) {
  EXPECT_EQ(encode_reply(0x01020304), (Bytes{4, 3, 2, 1}));
  EXPECT_EQ(encode_reply(-2), (Bytes{0xfe, 0xff, 0xff, 0xff}));
  for (const std::int32_t reply :
       {0, 1, -1, 0x7fffffff, std::numeric_limits<std::int32_t>::min()}) {
    EXPECT_EQ(decode_reply(encode_reply(reply)).value(), reply);
  }
}

TEST(KeystoneDemoReply, IsRejectedAtEveryOtherSize) {
  for (const std::size_t size : {0U, 1U, 3U, 5U, 8U, 32U}) {
    EXPECT_TRUE(
        fails_with(decode_reply(Bytes(size)), ErrorCode::malformed, {"reply size:", "want 4"}));
  }
}

}  // namespace
}  // namespace keystone::channel::keystone_demo
