// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/bytes.hpp"

#include "fails_with.hpp"
#include "keystone/base/hashes.hpp"

#include <numeric>
#include <type_traits>

namespace keystone {
namespace {

using Four = FixedBytes<struct FourRole, 4>;
using OtherFour = FixedBytes<struct OtherFourRole, 4>;

// --- hex ---------------------------------------------------------------------------------------

TEST(Hex, WritesLowerCaseDigits) {
  EXPECT_EQ(hex::encode(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
  EXPECT_EQ(hex::encode({}), "");
}

TEST(Hex, ReadsWhatItWritesForEveryByte) {
  std::vector<std::uint8_t> all(256);
  std::iota(all.begin(), all.end(), std::uint8_t{0});
  const auto read = hex::decode("x", hex::encode(all));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, all);
}

TEST(Hex, ReadsNoDigitsAsNoBytes) {
  const auto read = hex::decode("x", "");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST(Hex, RejectsAnOddNumberOfDigits) {
  EXPECT_TRUE(
      fails_with(hex::decode("nonce", "abc"), ErrorCode::malformed, {"nonce:", "got 3", "even"}));
  EXPECT_TRUE(fails_with(hex::decode("nonce", "a"), ErrorCode::malformed, {"got 1"}));
}

TEST(Hex, RejectsUpperCase) {
  EXPECT_TRUE(
      fails_with(hex::decode("key", "aaAa"), ErrorCode::malformed, {"key:", "0x41", "digit 2"}));
  EXPECT_TRUE(fails_with(hex::decode("key", "FF"), ErrorCode::malformed, {"0x46", "digit 0"}));
}

TEST(Hex, RejectsEveryOtherCharacterAtEitherDigitOfAByte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    if (kDigits.find(c) != std::string_view::npos) {
      continue;
    }
    const std::uint8_t byte[] = {static_cast<std::uint8_t>(code)};
    const std::string shown = "0x" + hex::encode(byte) + " ";
    const std::string high = std::string("00") + c + "0";
    const std::string low = std::string("000") + c;
    EXPECT_TRUE(fails_with(hex::decode("f", high), ErrorCode::malformed, {shown, "digit 2"}));
    EXPECT_TRUE(fails_with(hex::decode("f", low), ErrorCode::malformed, {shown, "digit 3"}));
  }
}

TEST(Hex, NamesTheFirstOfSeveralBadDigits) {
  EXPECT_TRUE(fails_with(hex::decode("f", "0g0h"), ErrorCode::malformed, {"0x67", "digit 1"}));
}

TEST(Hex, RejectsPrefixSpacesAndSeparators) {
  for (const char* const text : {"0x00", " 00 ", "00 00 ", "00:00:", "00\n\n"}) {
    EXPECT_TRUE(fails_with(hex::decode("f", text), ErrorCode::malformed)) << text;
  }
}

TEST(Hex, FillsABufferOnlyExactly) {
  std::array<std::uint8_t, 2> out{};
  ASSERT_TRUE(hex::decode_exactly("f", "01ff", out));
  EXPECT_EQ(out, (std::array<std::uint8_t, 2>{0x01, 0xff}));
  for (const char* const text : {"", "01", "01f", "01ff0", "01ff00"}) {
    EXPECT_TRUE(fails_with(hex::decode_exactly("f", text, out), ErrorCode::malformed, {"want 4"}))
        << text;
  }
}

// --- FixedBytes --------------------------------------------------------------------------------

template <class To, class From>
constexpr bool kConverts = std::is_constructible_v<To, From> || std::is_convertible_v<From, To> ||
                           std::is_assignable_v<To&, From>;

static_assert(!kConverts<EnclaveHash, SmHash> && !kConverts<SmHash, EnclaveHash>);
static_assert(!kConverts<Four, OtherFour>);
static_assert(!std::is_invocable_v<std::equal_to<>, EnclaveHash, SmHash>);
static_assert(!std::is_default_constructible_v<EnclaveHash>);
static_assert(!std::is_constructible_v<EnclaveHash, ByteView>);
static_assert(!std::is_constructible_v<EnclaveHash, std::span<const std::uint8_t, 32>>);
static_assert(!std::is_convertible_v<std::span<const std::uint8_t, 64>, EnclaveHash>);
static_assert(sizeof(EnclaveHash) == 64 && sizeof(SmHash) == 64 && sizeof(FileDigest) == 32);

TEST(FixedBytes, KeepsTheBytes) {
  constexpr std::array<std::uint8_t, 4> kBytes{1, 2, 3, 254};
  const Four four(kBytes);
  EXPECT_TRUE(std::equal(four.bytes().begin(), four.bytes().end(), kBytes.begin()));
  EXPECT_EQ(four.hex(), "010203fe");
}

TEST(FixedBytes, ComparesByteByByte) {
  const Four low(std::array<std::uint8_t, 4>{0, 0, 0, 255});
  const Four high(std::array<std::uint8_t, 4>{0, 0, 1, 0});
  EXPECT_EQ(low, Four(low));
  EXPECT_NE(low, high);
  EXPECT_LT(low, high);
}

TEST(FixedBytes, IsMadeOfExactlyItsSize) {
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 5};
  const auto made = Four::from("x", ByteView(bytes).first(4));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->hex(), "01020304");
  for (const std::size_t size : {0U, 3U, 5U}) {
    EXPECT_TRUE(fails_with(Four::from("hash", ByteView(bytes).first(size)), ErrorCode::malformed,
                           {"hash:", "got " + std::to_string(size) + " bytes", "want 4"}));
  }
}

TEST(FixedBytes, IsReadFromExactlyItsDigits) {
  const auto made = Four::from_hex("x", "00ff10a0");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->hex(), "00ff10a0");
  EXPECT_TRUE(
      fails_with(Four::from_hex("hash", "00ff10"), ErrorCode::malformed, {"got 6", "want 8"}));
  EXPECT_TRUE(
      fails_with(Four::from_hex("hash", "00ff10a000"), ErrorCode::malformed, {"got 10", "want 8"}));
}

TEST(FixedBytes, RejectsDigitsThatAreNotLowerCaseHex) {
  EXPECT_TRUE(fails_with(Four::from_hex("hash", "00FF10a0"), ErrorCode::malformed,
                         {"hash:", "0x46", "digit 2"}));
  EXPECT_TRUE(fails_with(Four::from_hex("hash", "0x00ff10"), ErrorCode::malformed, {"digit 1"}));
}

}  // namespace
}  // namespace keystone
