// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/frames.hpp"

#include "stream.hpp"

#include <type_traits>

namespace keystone::channel {
namespace {

static_assert(!std::is_default_constructible_v<FrameFormat>);
static_assert(!std::is_constructible_v<FrameFormat, LengthPrefix>);

TEST(FrameFormat, KnowsWhatEachPrefixCanSay) {
  EXPECT_EQ(largest_length(LengthPrefix::u8), 255U);
  EXPECT_EQ(largest_length(LengthPrefix::u16_le), 65'535U);
  EXPECT_EQ(largest_length(LengthPrefix::u32_le), 4'294'967'295U);
  EXPECT_EQ(largest_length(LengthPrefix::u64_le), UINT64_MAX);
}

TEST(FrameFormat, BoundsTheProtocolsThatHaveNames) {
  EXPECT_EQ(kOwnFrames.prefix(), LengthPrefix::u32_le);
  EXPECT_EQ(kOwnFrames.max_payload(), 65'536U);
  EXPECT_EQ(kKeystoneDemoFrames.prefix(), LengthPrefix::u64_le);
  EXPECT_EQ(kKeystoneDemoFrames.max_payload(), 4168U);
}

TEST(FrameFormat, AbortsOnABoundThatThePrefixCannotSay) {
  EXPECT_EQ(FrameFormat(LengthPrefix::u8, 255).max_payload(), 255U);
  EXPECT_DEATH((void)FrameFormat(LengthPrefix::u8, 256), "bug:");
  EXPECT_DEATH((void)FrameFormat(LengthPrefix::u16_le, 65'536), "bug:");
  EXPECT_DEATH((void)FrameFormat(LengthPrefix::u32_le, std::size_t{1} << 32U), "bug:");
}

TEST(EncodeFrame, WritesTheLengthInEachWidth) {
  const Bytes payload{0xaa, 0xbb, 0xcc};
  EXPECT_EQ(encode_frame({LengthPrefix::u8, 9}, payload).value(), (Bytes{3, 0xaa, 0xbb, 0xcc}));
  EXPECT_EQ(encode_frame({LengthPrefix::u16_le, 9}, payload).value(),
            (Bytes{3, 0, 0xaa, 0xbb, 0xcc}));
  EXPECT_EQ(encode_frame(kOwnFrames, payload).value(), (Bytes{3, 0, 0, 0, 0xaa, 0xbb, 0xcc}));
  EXPECT_EQ(encode_frame(kKeystoneDemoFrames, payload).value(),
            (Bytes{3, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0xbb, 0xcc}));
}

TEST(EncodeFrame, WritesTheLowByteFirst) {
  const auto own = encode_frame(kOwnFrames, Bytes(0xfedc)).value();
  EXPECT_EQ(Bytes(own.begin(), own.begin() + 4), (Bytes{0xdc, 0xfe, 0, 0}));
  const auto report = encode_frame(kKeystoneDemoFrames, Bytes(1352)).value();
  EXPECT_EQ(Bytes(report.begin(), report.begin() + 8), (Bytes{0x48, 0x05, 0, 0, 0, 0, 0, 0}));
}

TEST(EncodeFrame, FramesNoBytes) {
  EXPECT_EQ(encode_frame({LengthPrefix::u16_le, 0}, {}).value(), (Bytes{0, 0}));
}

TEST(EncodeFrame, RejectsAPayloadOverTheBound) {
  const FrameFormat format(LengthPrefix::u16_le, 300);
  EXPECT_EQ(encode_frame(format, Bytes(300)).value().size(), 302U);
  EXPECT_TRUE(fails_with(encode_frame(format, Bytes(301)), ErrorCode::limit_exceeded,
                         {"payload size:", "got 301", "at most 300"}));
}

TEST(EncodeFrame, RejectsWhatANarrowPrefixWouldCutOff) {
  const FrameFormat format(LengthPrefix::u8, 255);
  EXPECT_EQ(encode_frame(format, Bytes(255)).value().front(), 255U);
  EXPECT_TRUE(fails_with(encode_frame(format, Bytes(256)), ErrorCode::limit_exceeded, "got 256"));
}

TEST(EncodeFrame, RejectsAnyByteWhereNoneIsAllowed) {
  EXPECT_TRUE(fails_with(encode_frame({LengthPrefix::u32_le, 0}, Bytes(1)),
                         ErrorCode::limit_exceeded, "at most 0"));
}

}  // namespace
}  // namespace keystone::channel
