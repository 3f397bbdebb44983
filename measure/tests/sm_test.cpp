// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/sm.hpp"

#include "support.hpp"

#include <string>

#include <gtest/gtest.h>

namespace keystone::sm_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kSize = 10000;  // of the window; not a multiple of anything

SmWindow window(std::uint8_t fill = 0, std::uint64_t base = 0x80000000) {
  return {base, kSize, fill};
}

struct Outcome {
  std::string hash;
  SmImage image;  // without its memory
};

Result<Outcome> measure(const Bytes& firmware, const SmWindow& where = window()) {
  const ArraySource source(firmware);
  KEYSTONE_TRY(auto image, lay_out_sm(source, where));
  KEYSTONE_TRY(const auto hash, measure_sm(image));
  image.memory = {};
  return Outcome{hash.hex(), std::move(image)};
}

std::string hash_of(const Bytes& firmware, const SmWindow& where = window()) {
  const auto outcome = measure(firmware, where);
  EXPECT_TRUE(succeeds(outcome));
  return outcome ? outcome->hash : "none";
}

TEST(Sm, HashesAnImageThatFillsTheWindow) {
  const Bytes firmware = noise("firmware", kSize);
  const auto outcome = measure(firmware);
  ASSERT_TRUE(succeeds(outcome));
  EXPECT_EQ(outcome->hash, independent_sha3_512(firmware));
  EXPECT_FALSE(outcome->image.from_elf);
  EXPECT_EQ(outcome->image.image_size, kSize);
  EXPECT_TRUE(outcome->image.notes.empty());
}

TEST(Sm, FillsTheWindowBehindAShorterImage) {
  const Bytes firmware = noise("firmware", 5001);
  for (const std::uint8_t fill : Bytes{0x00, 0x5a, 0xff}) {
    const auto outcome = measure(firmware, window(fill));
    ASSERT_TRUE(succeeds(outcome));
    EXPECT_EQ(outcome->hash, independent_sha3_512(concat({firmware, Bytes(kSize - 5001, fill)})));
    EXPECT_EQ(outcome->image.image_size, 5001U);
    EXPECT_EQ(outcome->image.notes.size(), 1U);
  }
}

TEST(Sm, CutsALongerImageAndSaysSo) {
  const Bytes firmware = noise("firmware", kSize);
  for (const std::size_t more : {1U, 4096U, 30000U}) {
    const auto outcome = measure(concat({firmware, noise("payload", more)}));
    ASSERT_TRUE(succeeds(outcome));
    EXPECT_EQ(outcome->hash, independent_sha3_512(firmware));
    EXPECT_EQ(outcome->image.image_size, kSize + more);
    ASSERT_EQ(outcome->image.notes.size(), 1U);
    EXPECT_TRUE(outcome->image.notes[0].starts_with("cut"));
  }
}

TEST(Sm, HasOneHashForEveryFillWhenTheImageFillsTheWindow) {
  for (const std::size_t size : {kSize, kSize + 1}) {
    const Bytes firmware = noise("firmware", size);
    EXPECT_EQ(hash_of(firmware, window(0xff)), hash_of(firmware, window(0)));
  }
}

TEST(Sm, HasOneHashWithZerosAddedWhenTheFillIsZero) {
  const Bytes firmware = noise("firmware", 5000);
  EXPECT_EQ(hash_of(firmware), hash_of(concat({firmware, Bytes(3000)})));
  EXPECT_NE(hash_of(firmware, window(1)), hash_of(concat({firmware, Bytes(3000)}), window(1)));
}

TEST(Sm, HasOneHashWhereverTheWindowIs) {
  const Bytes firmware = noise("firmware", 12000);
  for (const std::uint64_t base :
       {std::uint64_t{0}, std::uint64_t{0x40000000}, UINT64_MAX - (kSize - 1)}) {
    EXPECT_EQ(hash_of(firmware, window(0, base)), hash_of(firmware));
  }
}

TEST(Sm, HasAnotherHashWithAWindowOneByteLonger) {
  const Bytes firmware = noise("firmware", 5000);
  EXPECT_NE(hash_of(firmware), hash_of(firmware, {0x80000000, kSize + 1, 0}));
}

TEST(Sm, MeasuresTheWholeWindowOfThePlatform) {
  const Bytes firmware = read_vector_file("bundled/rv64/firmware.bin");
  const auto where = resolve_window({});
  ASSERT_TRUE(succeeds(where));
  const Bytes rest(0x1ff000 - firmware.size());
  EXPECT_EQ(hash_of(firmware, *where), independent_sha3_512(concat({firmware, rest})));
}

TEST(Sm, RefusesAnEmptyFile) {
  EXPECT_TRUE(fails_with(measure({}), ErrorCode::malformed, "empty"));
  EXPECT_TRUE(fails_with(measure({}, window(0xff)), ErrorCode::malformed, "empty"));
}

TEST(Sm, RefusesAnImageThatIsAllZero) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{4096}, std::size_t{kSize}, std::size_t{kSize + 5000}}) {
    SCOPED_TRACE(size);
    EXPECT_TRUE(fails_with(measure(Bytes(size)), ErrorCode::malformed, "all zero"));
    EXPECT_TRUE(fails_with(measure(Bytes(size), window(0xff)), ErrorCode::malformed, "all zero"));
  }
}

TEST(Sm, RefusesAnImageThatIsZeroUpToTheEndOfTheWindow) {
  const Bytes firmware = concat({Bytes(kSize), {1}});
  EXPECT_TRUE(fails_with(measure(firmware), ErrorCode::malformed, "all zero"));
}

TEST(Sm, AcceptsAnImageWithOneByteThatIsNotZero) {
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{4095}, std::size_t{4096}, std::size_t{kSize - 1}}) {
    SCOPED_TRACE(at);
    Bytes firmware(kSize + 10);
    firmware[at] = 1;
    EXPECT_TRUE(succeeds(measure(firmware)));
  }
}

TEST(Sm, TakesAFileThatIsNotElfAsItIs) {
  for (const Bytes& start : {Bytes{0x7f}, Bytes{0x7f, 'E', 'L'}, Bytes{0x7f, 'E', 'L', 'f'}}) {
    const auto outcome = measure(start);
    ASSERT_TRUE(succeeds(outcome));
    EXPECT_FALSE(outcome->image.from_elf);
    EXPECT_EQ(outcome->hash, independent_sha3_512(concat({start, Bytes(kSize - start.size())})));
  }
}

TEST(Sm, ReportsWhatItCannotRead) {
  const Bytes firmware = noise("firmware", kSize);
  for (const std::uint64_t from : {0U, 3U, 100U, 9000U}) {
    const FailingSource bad(firmware, from);
    auto hash = [&]() -> Result<SmHash> {
      KEYSTONE_TRY(const auto image, lay_out_sm(bad, window()));
      return measure_sm(image);
    }();
    EXPECT_TRUE(fails_with(hash, ErrorCode::unreadable, FailingSource::kMessage)) << from;
  }
}

TEST(Sm, SaysWhatItDoesNotMeasure) {
  EXPECT_FALSE(not_measured_in_sm().empty());
}

}  // namespace
}  // namespace keystone::sm_test
