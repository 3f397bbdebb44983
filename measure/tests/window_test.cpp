// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/enclave.hpp"
#include "support.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace keystone::window_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kBase = 0x90000000;

Bytes slice(const Bytes& bytes, std::size_t from, std::size_t size) {
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(from);
  return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

// Ten pages at kBase.
class Window : public ::testing::Test {
 protected:
  Window() { EXPECT_TRUE(succeeds(memory_.add_bytes(kBase, source_, 0, bytes_.size()))); }

  // The hash, with boundaries as distances from kBase.
  [[nodiscard]] Result<std::string> hash(std::uint64_t runtime, std::uint64_t user,
                                         std::uint64_t free, Word word = Word::bits64,
                                         std::uint64_t dram = 0) const {
    KEYSTONE_TRY(
        const auto result,
        measure_window(memory_, {kBase + dram, kBase + runtime, kBase + user, kBase + free}, word));
    return result.hex();
  }

  const Bytes bytes_ = noise("memory", 40960);
  const ArraySource source_{bytes_};
  RegionMemory memory_;
};

TEST_F(Window, HashesDifferencesAndThePagesBetweenBoundaries) {
  for (const Word word : {Word::bits32, Word::bits64}) {
    const Bytes stream = loader_stream(size_of(word), slice(bytes_, 0, 8192),
                                       slice(bytes_, 8192, 4096), slice(bytes_, 12288, 12288));
    EXPECT_EQ(hash(8192, 12288, 24576, word), independent_sha3_512(stream));
  }
}

TEST_F(Window, HashesWholePagesFromABoundaryThatIsNotAligned) {
  const Bytes stream =
      concat({le(100, 8), le(5000, 8), le(1, 8),  //
              slice(bytes_, 0, 4096), slice(bytes_, 100, 8192), slice(bytes_, 5100, 4096)});
  EXPECT_EQ(hash(100, 5100, 5101), independent_sha3_512(stream));
}

TEST_F(Window, DoesNotHashWhatLiesBeforeItsStart) {
  const Bytes stream = loader_stream(8, slice(bytes_, 4096, 4096), {}, {});
  EXPECT_EQ(hash(8192, 8192, 8192, Word::bits64, 4096), independent_sha3_512(stream));
}

TEST_F(Window, HashesOnlyTheDifferencesOfEmptyRegions) {
  EXPECT_EQ(hash(0, 0, 0), independent_sha3_512(Bytes(24)));
  EXPECT_EQ(hash(0, 0, 0, Word::bits32), independent_sha3_512(Bytes(12)));
  EXPECT_TRUE(succeeds(measure_window(RegionMemory(), {7, 7, 7, 7}, Word::bits64)));
}

TEST_F(Window, RefusesBoundariesThatAreNotInOrder) {
  EXPECT_TRUE(succeeds(hash(4096, 8192, 12288)));
  const auto code = ErrorCode::malformed;
  EXPECT_TRUE(fails_with(hash(8192, 4096, 12288), code, "order"));
  EXPECT_TRUE(fails_with(hash(4096, 12288, 8192), code, "order"));
  EXPECT_TRUE(fails_with(hash(4096, 8192, 12288, Word::bits64, 4097), code, "order"));
  EXPECT_TRUE(fails_with(hash(4096, 4095, 4096), code, "order"));
}

TEST_F(Window, RefusesMemoryThatIsNotThere) {
  EXPECT_TRUE(succeeds(hash(4096, 8192, 40960)));
  EXPECT_TRUE(fails_with(hash(4096, 8192, 40961), ErrorCode::malformed, "0x9000a000"));
  // The last page step starts inside and runs out.
  EXPECT_TRUE(fails_with(hash(4096, 40000, 40960), ErrorCode::malformed, "0x9000a000"));
  EXPECT_TRUE(fails_with(measure_window(memory_, {0, 4096, 4096, 4096}, Word::bits64),
                         ErrorCode::malformed, "0x0"));
}

TEST(WindowLimits, AWindowMayEndAtTheLastPageOfTheAddressSpace) {
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_fill(UINT64_MAX - 8191, 8192, 7)));
  const std::uint64_t start = UINT64_MAX - 8191;
  // The region's end, 2^64, is not an address; a boundary within the last page covers it.
  const auto hash = measure_window(memory, {start, start, start, UINT64_MAX}, Word::bits64);
  ASSERT_TRUE(succeeds(hash));
  EXPECT_EQ(hash->hex(), independent_sha3_512(concat({Bytes(16), le(8191, 8), Bytes(8192, 7)})));
}

TEST(WindowLimits, AWindowThatWrapsIsRefused) {
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_fill(UINT64_MAX - 8191, 8192, 7)));
  ASSERT_TRUE(succeeds(memory.add_fill(0, 8192, 7)));
  const std::uint64_t start = UINT64_MAX - 8190;
  EXPECT_TRUE(fails_with(measure_window(memory, {start, start, start, UINT64_MAX}, Word::bits64),
                         ErrorCode::malformed, "wraps"));
  EXPECT_TRUE(
      fails_with(measure_window(memory, {0, UINT64_MAX, UINT64_MAX, UINT64_MAX}, Word::bits64),
                 ErrorCode::malformed, "wraps"));
}

TEST(WindowLimits, A32BitWordMustHoldTheBoundaries) {
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_fill(0xfffff000, 0x3000, 0)));
  const auto top = [&](std::uint64_t free, Word word) {
    return measure_window(memory, {0xfffff000, 0xfffff000, 0xfffff000, free}, word);
  };
  EXPECT_TRUE(succeeds(top(0xffffffff, Word::bits32)));
  EXPECT_TRUE(fails_with(top(0x100000000, Word::bits32), ErrorCode::malformed, "32-bit"));
  EXPECT_TRUE(succeeds(top(0x100000000, Word::bits64)));
}

TEST(WindowLimits, A32BitWordMustHoldTheDifferences) {
  const RegionMemory nothing;
  const LoaderWindow large{0, 0x100000000, 0x100000000, 0x100000000};
  EXPECT_TRUE(
      fails_with(measure_window(nothing, large, Word::bits32), ErrorCode::malformed, "32-bit"));
  EXPECT_TRUE(
      fails_with(measure_window(nothing, large, Word::bits64), ErrorCode::malformed, "no memory"));
}

// The bytes at kBase, in regions cut at random.
Status add_in_pieces(RegionMemory& memory, const ByteSource& source, std::mt19937& random) {
  std::uint64_t at = 0;
  while (at < source.size()) {
    const std::uint64_t size = std::min<std::uint64_t>(1 + random() % 9000, source.size() - at);
    KEYSTONE_CHECK_OK(memory.add_bytes(kBase + at, source, at, size));
    at += size;
  }
  return {};
}

TEST_F(Window, HasOneHashHoweverTheMemoryIsCut) {
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    RegionMemory cut;
    ASSERT_TRUE(succeeds(add_in_pieces(cut, source_, random)));
    const std::uint64_t runtime = random() % 10000;
    const std::uint64_t user = runtime + random() % 10000;
    const LoaderWindow window{kBase, kBase + runtime, kBase + user,
                              kBase + user + random() % 10000};
    const auto got = measure_window(cut, window, Word::bits64);
    const auto want = measure_window(memory_, window, Word::bits64);
    ASSERT_TRUE(succeeds(got));
    ASSERT_TRUE(succeeds(want));
    EXPECT_EQ(*got, *want);
  }
}

TEST_F(Window, HasAnotherHashWhenAnyMeasuredPageChanges) {
  const auto original = hash(8192, 12288, 36864);
  ASSERT_TRUE(succeeds(original));
  for (std::size_t at = 0; at < bytes_.size(); at += 4095) {
    SCOPED_TRACE(at);
    Bytes changed = bytes_;
    changed[at] ^= 1U;
    const ArraySource source(changed);
    RegionMemory memory;
    ASSERT_TRUE(succeeds(memory.add_bytes(kBase, source, 0, changed.size())));
    const LoaderWindow window{kBase, kBase + 8192, kBase + 12288, kBase + 36864};
    const auto got = measure_window(memory, window, Word::bits64);
    ASSERT_TRUE(succeeds(got));
    EXPECT_EQ(got->hex() == *original, at >= 36864);
  }
}

}  // namespace
}  // namespace keystone::window_test
