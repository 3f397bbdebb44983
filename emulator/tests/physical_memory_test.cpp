// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/physical_memory.hpp"

#include "support.hpp"

#include <random>

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kBase = 0x1000;
constexpr std::uint64_t kLastPage = UINT64_MAX - 0xfff;

// Three pages at kBase, and two that touch them.
PhysicalMemory five_pages() {
  PhysicalMemory memory;
  EXPECT_TRUE(memory.add(kBase, 0x3000));
  EXPECT_TRUE(memory.add(kBase + 0x3000, 0x2000));
  return memory;
}

TEST(PhysicalMemory, IsZeroUntilWritten) {
  const PhysicalMemory memory = five_pages();
  EXPECT_EQ(read_memory(memory, kBase, 0x5000), Bytes(0x5000));
  EXPECT_EQ(memory.held_bytes(), 0U);
}

TEST(PhysicalMemory, KeepsWhatIsWrittenAcrossPagesAndRegions) {
  PhysicalMemory memory = five_pages();
  const Bytes content = noise(0x4003, 1);
  ASSERT_TRUE(memory.write(kBase + 0x7ff, content));
  Bytes want(0x5000);
  std::copy(content.begin(), content.end(), want.begin() + 0x7ff);
  EXPECT_EQ(read_memory(memory, kBase, 0x5000), want);
}

TEST(PhysicalMemory, RefusesRegionsThatAreNoMemory) {
  PhysicalMemory memory;
  EXPECT_TRUE(fails_with(memory.add(kBase, 0), ErrorCode::usage));
  EXPECT_TRUE(fails_with(memory.add(kBase + 1, 0x1000), ErrorCode::usage));
  EXPECT_TRUE(fails_with(memory.add(kBase, 0x1001), ErrorCode::usage));
  EXPECT_TRUE(fails_with(memory.add(kLastPage, 0x1000), ErrorCode::usage));
  EXPECT_TRUE(fails_with(memory.add(kLastPage, 0x2000), ErrorCode::usage));
  EXPECT_TRUE(memory.add(kLastPage - 0x1000, 0x1000).has_value());
  EXPECT_TRUE(memory.add(0, 0x1000).has_value());
}

TEST(PhysicalMemory, RefusesRegionsThatMeetOthers) {
  PhysicalMemory memory = five_pages();
  for (const auto& [base, size] : {std::pair<std::uint64_t, std::uint64_t>{kBase, 0x1000},
                                   {kBase + 0x4000, 0x2000},
                                   {0, 0x2000},
                                   {0, 0x10000},
                                   {kBase + 0x1000, 0x1000},
                                   {kBase, 0x5000}}) {
    EXPECT_TRUE(fails_with(memory.add(base, size), ErrorCode::usage, "already")) << base;
  }
  EXPECT_TRUE(memory.add(kBase + 0x5000, 0x1000).has_value());
  EXPECT_TRUE(memory.add(0, 0x1000).has_value());
}

TEST(PhysicalMemory, RefusesAccessWhereThereIsNone) {
  PhysicalMemory memory = five_pages();
  Bytes bytes(0x10, 1);
  for (const std::uint64_t address : {std::uint64_t{0}, kBase - 1, kBase + 0x5000,
                                      kBase + 0x5000 - 0xf, UINT64_MAX, UINT64_MAX - 3}) {
    EXPECT_TRUE(fails_with(memory.read(address, bytes), ErrorCode::malformed, "no memory"));
    EXPECT_TRUE(fails_with(memory.write(address, bytes), ErrorCode::malformed, "no memory"));
    EXPECT_TRUE(fails_with(memory.check_present(address, 0x10), ErrorCode::malformed));
  }
  EXPECT_EQ(memory.held_bytes(), 0U);
  EXPECT_TRUE(memory.check_present(kBase, 0x5000).has_value());
  EXPECT_TRUE(memory.check_present(UINT64_MAX, 0).has_value());
  EXPECT_TRUE(fails_with(memory.check_present(kBase, 0x5001), ErrorCode::malformed, "0x6000"));
  EXPECT_TRUE(fails_with(memory.check_present(kBase, UINT64_MAX), ErrorCode::malformed, "0x6000"));
}

TEST(PhysicalMemory, HoldsNoPageOfZeros) {
  PhysicalMemory memory = five_pages();
  ASSERT_TRUE(memory.write(kBase, Bytes(0x5000)));
  EXPECT_EQ(memory.held_bytes(), 0U);
  ASSERT_TRUE(memory.write(kBase + 0x1fff, Bytes{1, 0}));
  EXPECT_EQ(memory.held_bytes(), 0x1000U);
  ASSERT_TRUE(memory.write(kBase + 0x1fff, Bytes{0, 0}));
  EXPECT_EQ(read_memory(memory, kBase, 0x5000), Bytes(0x5000));
}

TEST(PhysicalMemory, ClearsWhatItIsToldAndNothingElse) {
  std::mt19937 random(1);
  const Bytes content = noise(0x5000, 1);
  for (int round = 0; round < 300; ++round) {
    PhysicalMemory memory = five_pages();
    ASSERT_TRUE(memory.write(kBase, content));
    const std::uint64_t base = random() % 0x7000;
    const std::uint64_t size = round % 10 == 0 ? 0 : random() % 0x7000;
    memory.clear(base, size);
    Bytes want = content;
    for (std::uint64_t at = base; at < base + size; ++at) {
      if (at >= kBase && at < kBase + 0x5000) {
        want[at - kBase] = 0;
      }
    }
    EXPECT_EQ(read_memory(memory, kBase, 0x5000), want) << base << " " << size;
  }
}

TEST(PhysicalMemory, ClearsToTheEndOfTheAddressSpace) {
  PhysicalMemory memory;
  ASSERT_TRUE(memory.add(kLastPage - 0x1000, 0x1000));
  ASSERT_TRUE(memory.write(kLastPage - 0x1000, Bytes(0x1000, 1)));
  memory.clear(0x1000, UINT64_MAX);
  EXPECT_EQ(memory.held_bytes(), 0U);
}

}  // namespace
}  // namespace keystone
