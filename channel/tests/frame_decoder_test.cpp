// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/frames.hpp"
#include "stream.hpp"

namespace keystone::channel {
namespace {

constexpr FrameFormat kSmall(LengthPrefix::u16_le, 5);
constexpr LengthPrefix kPrefixes[] = {LengthPrefix::u8, LengthPrefix::u16_le, LengthPrefix::u32_le,
                                      LengthPrefix::u64_le};

// `length` as the prefix writes it.
Bytes prefix_of(LengthPrefix prefix, std::uint64_t length) {
  Bytes bytes;
  for (std::size_t i = 0; i < size_of(prefix); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(length >> 8 * i));
  }
  return bytes;
}

// What comes out of a decoder when each piece is fed and every frame taken.
struct Outcome {
  std::vector<Bytes> payloads;
  std::optional<ErrorCode> error;   // of next()
  std::optional<ErrorCode> at_end;  // of finish()
  std::size_t most_beyond_fed = 0;  // bytes held that the last feed did not bring
};

Outcome run(FrameFormat format, const std::vector<ByteView>& pieces) {
  Outcome outcome;
  FrameDecoder decoder(format);
  for (const ByteView piece : pieces) {
    if (!decoder.feed(piece)) {
      break;
    }
    const std::size_t held = decoder.held();
    outcome.most_beyond_fed =
        std::max(outcome.most_beyond_fed, held - std::min(held, piece.size()));
    auto payload = decoder.next();
    for (; payload && *payload; payload = decoder.next()) {
      outcome.payloads.push_back(**payload);
    }
    if (!payload) {
      outcome.error = payload.error().code;
    }
  }
  if (const auto end = decoder.finish(); !end) {
    outcome.at_end = end.error().code;
  }
  return outcome;
}

TEST(FrameDecoder, GivesTheSameFramesHoweverTheStreamIsCut) {
  const Bytes stream{5, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 1, 0, 9, 3, 0, 7, 8, 9};
  const std::vector<Bytes> want{{1, 2, 3, 4, 5}, {}, {}, {9}, {7, 8, 9}};
  for (const auto& pieces : cuts_of(stream)) {
    const Outcome outcome = run(kSmall, pieces);
    EXPECT_EQ(outcome.payloads, want) << pieces.front().size();
    EXPECT_FALSE(outcome.error || outcome.at_end) << pieces.front().size();
  }
}

TEST(FrameDecoder, ReadsBackWhatEncodeFrameWrites) {
  for (const LengthPrefix prefix : kPrefixes) {
    const FrameFormat format(prefix, 200);
    for (const std::size_t size : {0U, 1U, 199U, 200U}) {
      const Bytes payload = counting(size);
      const Bytes frame = encode_frame(format, payload).value();
      EXPECT_EQ(run(format, {frame}).payloads, std::vector<Bytes>{payload}) << size;
    }
  }
}

TEST(FrameDecoder, NeedsEveryByteOfAFrame) {
  FrameDecoder decoder(kSmall);
  for (const Bytes& byte : {Bytes{2}, Bytes{0}, Bytes{7}}) {
    ASSERT_TRUE(decoder.feed(byte));
    const auto payload = decoder.next();
    ASSERT_TRUE(payload.has_value());
    EXPECT_FALSE(payload->has_value());
  }
  ASSERT_TRUE(decoder.feed(Bytes{8}));
  EXPECT_EQ(decoder.next().value(), (Bytes{7, 8}));
}

TEST(FrameDecoder, TakesALengthAtTheBoundAndNoneAboveInAnyWidth) {
  for (const LengthPrefix prefix : kPrefixes) {
    const FrameFormat format(prefix, 100);
    const Bytes largest = joined({prefix_of(prefix, 100), counting(100)});
    EXPECT_EQ(run(format, {largest}).payloads, std::vector<Bytes>{counting(100)});
    FrameDecoder decoder(format);
    ASSERT_TRUE(decoder.feed(prefix_of(prefix, 101)));
    EXPECT_TRUE(fails_with(decoder.next(), ErrorCode::limit_exceeded,
                           {"frame length:", "got 101", "at most 100"}));
  }
}

TEST(FrameDecoder, RejectsTheLargestLengthsAPeerCanName) {
  const struct {
    LengthPrefix prefix;
    std::uint64_t length;
  } cases[] = {{LengthPrefix::u8, 0xff},
               {LengthPrefix::u16_le, 0xffff},
               {LengthPrefix::u32_le, 0xffff'ffff},
               {LengthPrefix::u64_le, 0xffff'ffff},
               {LengthPrefix::u64_le, 0x1'0000'0001},  // 1, to whom reads 32 bits
               {LengthPrefix::u64_le, 0x7fff'ffff'ffff'ffff},
               {LengthPrefix::u64_le, 0xffff'ffff'ffff'fff8},  // with the prefix, 0 mod 2^64
               {LengthPrefix::u64_le, 0xffff'ffff'ffff'ffff}};
  for (const auto& one : cases) {
    FrameDecoder decoder({one.prefix, 64});
    ASSERT_TRUE(decoder.feed(prefix_of(one.prefix, one.length)));
    EXPECT_TRUE(
        fails_with(decoder.next(), ErrorCode::limit_exceeded, "got " + std::to_string(one.length)));
  }
}

TEST(FrameDecoder, ReadsALengthOfWhichOnlyAHighByteIsSetAsHuge) {
  for (std::size_t byte = 2; byte < 8; ++byte) {
    Bytes stream(8);
    stream[byte] = 1;
    EXPECT_EQ(run(kKeystoneDemoFrames, {stream}).error, ErrorCode::limit_exceeded) << byte;
  }
}

TEST(FrameDecoder, GivesTheFramesBeforeABadLengthAndNoneAfterHoweverTheStreamIsCut) {
  const Bytes stream{1, 0, 7, 0, 0, 6, 0, 1, 2, 3, 4, 5, 6, 1, 0, 9};
  const std::vector<Bytes> want{{7}, {}};
  for (const auto& pieces : cuts_of(stream)) {
    const Outcome outcome = run(kSmall, pieces);
    EXPECT_EQ(outcome.payloads, want) << pieces.front().size();
    EXPECT_EQ(outcome.at_end, ErrorCode::limit_exceeded) << pieces.front().size();
  }
}

TEST(FrameDecoder, HoldsNothingBehindABadLength) {
  FrameDecoder decoder(kSmall);
  ASSERT_TRUE(decoder.feed(joined({{1, 0, 7, 6, 0}, Bytes(10'000)})));
  EXPECT_EQ(decoder.held(), 3U);
  ASSERT_TRUE(decoder.next());
  EXPECT_FALSE(decoder.next());
  EXPECT_FALSE(decoder.feed(Bytes(10'000)));
  EXPECT_LE(decoder.held(), 3U);
}

TEST(FrameDecoder, StaysFailed) {
  FrameDecoder decoder(kSmall);
  ASSERT_TRUE(decoder.feed(Bytes{6, 0}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(fails_with(decoder.next(), ErrorCode::limit_exceeded, "got 6"));
    EXPECT_TRUE(fails_with(decoder.feed(Bytes{1, 0, 7}), ErrorCode::limit_exceeded, "got 6"));
    EXPECT_TRUE(fails_with(decoder.finish(), ErrorCode::limit_exceeded, "got 6"));
  }
}

TEST(FrameDecoder, HoldsAtMostOneUnfinishedFrameBeyondAFeed) {
  Bytes stream;
  for (int i = 0; i < 100; ++i) {
    stream = joined({stream, {5, 0, 1, 2, 3, 4, 5}});
  }
  for (const std::size_t step : {1U, 3U, 6U, 8U, 50U, 700U}) {
    std::vector<ByteView> pieces;
    for (ByteView rest = stream; !rest.empty(); rest = rest.subspan(pieces.back().size())) {
      pieces.push_back(rest.first(std::min(step, rest.size())));
    }
    const Outcome outcome = run(kSmall, pieces);
    EXPECT_EQ(outcome.payloads.size(), 100U) << step;
    EXPECT_LT(outcome.most_beyond_fed, 2U + 5U) << step;
  }
}

TEST(FrameDecoder, TakesNoBytesWhileAFrameWaits) {
  FrameDecoder decoder(kSmall);
  ASSERT_TRUE(decoder.feed(Bytes{0, 0, 1, 0, 7, 2, 0, 8}));
  for (const Bytes& want : {Bytes{}, Bytes{7}}) {
    EXPECT_TRUE(fails_with(decoder.feed(Bytes{9}), ErrorCode::usage, "a frame waits"));
    EXPECT_EQ(decoder.held(), 8U);
    EXPECT_EQ(decoder.next().value(), want);
  }
  ASSERT_TRUE(decoder.feed(Bytes{9}));
  EXPECT_EQ(decoder.next().value(), (Bytes{8, 9}));
}

TEST(FrameDecoder, FinishesBetweenFramesAndNowhereElse) {
  const Bytes stream{2, 0, 7, 8, 0, 0, 1, 0, 9};
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    const bool between = size == 0 || size == 4 || size == 6 || size == 9;
    for (const auto& pieces : cuts_of(ByteView(stream).first(size))) {
      const auto at_end = run(kSmall, pieces).at_end;
      EXPECT_EQ(at_end, between ? std::nullopt : std::optional(ErrorCode::malformed)) << size;
    }
  }
}

TEST(FrameDecoder, SaysHowFarATruncatedStreamCame) {
  FrameDecoder decoder(kSmall);
  ASSERT_TRUE(decoder.feed(Bytes{1, 0, 7, 3, 0, 8}));
  EXPECT_TRUE(fails_with(decoder.finish(), ErrorCode::malformed, {"stream:", "3 bytes into"}));
  EXPECT_EQ(decoder.next().value(), (Bytes{7}));
}

TEST(FrameDecoder, TakesNoFrameButEmptyOnesWhereTheBoundIsZero) {
  const FrameFormat none(LengthPrefix::u8, 0);
  EXPECT_EQ(run(none, {Bytes{0, 0, 0}}).payloads.size(), 3U);
  EXPECT_EQ(run(none, {Bytes{0, 1, 0}}).error, ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace keystone::channel
