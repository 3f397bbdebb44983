// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/memory_view.hpp"

#include "support.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace keystone::memory_view_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kTop = UINT64_MAX;  // the last address

Result<Bytes> read(const MemoryView& memory, std::uint64_t address, std::size_t size) {
  Bytes out(size, 0xee);
  KEYSTONE_CHECK_OK(memory.read(address, out));
  return out;
}

class RegionMemoryTest : public ::testing::Test {
 protected:
  const Bytes bytes_ = {10, 11, 12, 13, 14, 15, 16, 17};
  const ArraySource source_{bytes_};
  RegionMemory memory_;
};

TEST_F(RegionMemoryTest, ReadsAPieceOfASourceAtItsAddress) {
  ASSERT_TRUE(succeeds(memory_.add_bytes(0x1000, source_, 2, 4)));
  EXPECT_EQ(read(memory_, 0x1000, 4), (Bytes{12, 13, 14, 15}));
  EXPECT_EQ(read(memory_, 0x1001, 2), (Bytes{13, 14}));
  EXPECT_EQ(read(memory_, 0x1003, 1), (Bytes{15}));
}

TEST_F(RegionMemoryTest, ReadsAFill) {
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 3, 0xab)));
  EXPECT_EQ(read(memory_, 0x1000, 3), (Bytes{0xab, 0xab, 0xab}));
}

TEST_F(RegionMemoryTest, ReadsAcrossRegionsAddedInAnyOrder) {
  ASSERT_TRUE(succeeds(memory_.add_bytes(0x1004, source_, 6, 2)));
  ASSERT_TRUE(succeeds(memory_.add_bytes(0x1000, source_, 0, 2)));
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1002, 2, 0)));
  EXPECT_EQ(read(memory_, 0x1000, 6), (Bytes{10, 11, 0, 0, 16, 17}));
  EXPECT_EQ(read(memory_, 0x1001, 4), (Bytes{11, 0, 0, 16}));
}

TEST_F(RegionMemoryTest, RefusesToReadWhereNothingIs) {
  EXPECT_TRUE(fails_with(read(memory_, 0, 1), ErrorCode::malformed, "no memory at 0x0"));
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 16, 0)));
  EXPECT_TRUE(fails_with(read(memory_, 0xfff, 1), ErrorCode::malformed, "0xfff"));
  EXPECT_TRUE(fails_with(read(memory_, 0x1010, 1), ErrorCode::malformed, "0x1010"));
  EXPECT_TRUE(fails_with(read(memory_, 0xfff, 17), ErrorCode::malformed, "0xfff"));
  EXPECT_TRUE(fails_with(read(memory_, 0x1000, 17), ErrorCode::malformed, "0x1010"));
}

TEST_F(RegionMemoryTest, RefusesToReadAcrossAGap) {
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 4, 0)));
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1005, 4, 0)));
  EXPECT_TRUE(fails_with(read(memory_, 0x1000, 9), ErrorCode::malformed, "0x1004"));
}

TEST_F(RegionMemoryTest, ReadsNothingAnywhere) {
  EXPECT_EQ(read(memory_, 0, 0), Bytes());
  EXPECT_EQ(read(memory_, kTop, 0), Bytes());
}

TEST_F(RegionMemoryTest, ReachesTheLastByteOfTheAddressSpace) {
  ASSERT_TRUE(succeeds(memory_.add_bytes(kTop - 7, source_, 0, 8)));
  EXPECT_EQ(read(memory_, kTop - 7, 8), bytes_);
  EXPECT_EQ(read(memory_, kTop, 1), (Bytes{17}));
}

TEST_F(RegionMemoryTest, DoesNotReadOnAtZeroBehindTheLastByte) {
  ASSERT_TRUE(succeeds(memory_.add_fill(kTop - 3, 4, 1)));
  ASSERT_TRUE(succeeds(memory_.add_fill(0, 4, 2)));
  EXPECT_TRUE(fails_with(read(memory_, kTop, 2), ErrorCode::malformed, "wrap"));
  EXPECT_TRUE(fails_with(read(memory_, kTop - 3, 8), ErrorCode::malformed, "wrap"));
}

TEST_F(RegionMemoryTest, HoldsOneRegionOverTheWholeAddressSpaceButAByte) {
  ASSERT_TRUE(succeeds(memory_.add_fill(1, kTop, 9)));
  EXPECT_EQ(read(memory_, kTop, 1), (Bytes{9}));
  EXPECT_EQ(read(memory_, 1, 1), (Bytes{9}));
  EXPECT_TRUE(fails_with(read(memory_, 0, 1), ErrorCode::malformed, "0x0"));
}

TEST_F(RegionMemoryTest, RefusesARegionThatWraps) {
  EXPECT_TRUE(fails_with(memory_.add_fill(kTop, 2, 0), ErrorCode::malformed, "wrap"));
  EXPECT_TRUE(fails_with(memory_.add_fill(2, kTop, 0), ErrorCode::malformed, "wrap"));
  EXPECT_TRUE(fails_with(memory_.add_bytes(kTop - 6, source_, 0, 8), ErrorCode::malformed, "wrap"));
}

TEST_F(RegionMemoryTest, RefusesEveryKindOfOverlap) {
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 0x100, 0)));
  ASSERT_TRUE(succeeds(memory_.add_fill(0x2000, 0x100, 0)));
  const struct {
    std::uint64_t address, size;
  } overlaps[] = {{0x1000, 0x100}, {0xfff, 2},      {0x10ff, 1},  {0x1010, 1},
                  {0xf00, 0x1000}, {0x10ff, 0xf02}, {0, 0x10000}, {0x1fff, 2}};
  for (const auto& [address, size] : overlaps) {
    SCOPED_TRACE(address);
    EXPECT_TRUE(fails_with(memory_.add_fill(address, size, 1), ErrorCode::malformed, "overlap"));
    EXPECT_EQ(read(memory_, 0x1000, 0x100), Bytes(0x100));
  }
}

TEST_F(RegionMemoryTest, AcceptsRegionsThatTouch) {
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 0x10, 1)));
  EXPECT_TRUE(succeeds(memory_.add_fill(0xfff, 1, 2)));
  EXPECT_TRUE(succeeds(memory_.add_fill(0x1010, 1, 3)));
  EXPECT_EQ(read(memory_, 0x100f, 2), (Bytes{1, 3}));
  EXPECT_EQ(read(memory_, 0xfff, 2), (Bytes{2, 1}));
}

TEST_F(RegionMemoryTest, IgnoresARegionOfNoBytes) {
  ASSERT_TRUE(succeeds(memory_.add_fill(0x1000, 0x10, 1)));
  EXPECT_TRUE(succeeds(memory_.add_fill(0x1008, 0, 2)));
  EXPECT_TRUE(succeeds(memory_.add_bytes(0x1008, source_, 8, 0)));
  EXPECT_TRUE(succeeds(memory_.add_fill(0x1008, 0, 2)));
  EXPECT_EQ(read(memory_, 0x1000, 0x10), Bytes(0x10, 1));
}

TEST_F(RegionMemoryTest, RefusesBytesThatTheSourceLacks) {
  const struct {
    std::uint64_t offset, size;
  } outside[] = {{0, 9}, {8, 1}, {9, 0}, {7, 2}, {1, kTop}, {kTop, 1}, {kTop, 2}};
  for (const auto& [offset, size] : outside) {
    SCOPED_TRACE(offset);
    EXPECT_TRUE(
        fails_with(memory_.add_bytes(0, source_, offset, size), ErrorCode::malformed, "8 bytes"));
  }
}

TEST_F(RegionMemoryTest, ReportsWhatTheSourceCannotRead) {
  const FailingSource bad(Bytes(100), 50);
  ASSERT_TRUE(succeeds(memory_.add_bytes(0, bad, 0, 100)));
  EXPECT_TRUE(succeeds(read(memory_, 0, 50)));
  EXPECT_TRUE(fails_with(read(memory_, 40, 11), ErrorCode::unreadable, FailingSource::kMessage));
}

}  // namespace
}  // namespace keystone::memory_view_test
