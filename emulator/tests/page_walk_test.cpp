// SPDX-License-Identifier: Apache-2.0
// The monitor of the page-walk generations, over tables that are put together here.
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kRoot = 0x90000000;  // with a table of each level behind it
constexpr std::uint64_t kRuntimePage = 0x90004000;
constexpr std::uint64_t kEappPage = 0x90005000;
constexpr std::uint64_t kEntry = 0x10000;
constexpr std::uint64_t kUntrustedPtr = 0x40000;  // virtual; page 64
constexpr std::uint64_t kUser = 0xdf;
constexpr std::uint8_t kMark = 0xaa;

// Sv39, of which the first 2 MiB are mapped: page n of the address space is entry n.
class PageWalk : public ::testing::Test {
 protected:
  PageWalk() {
    put_entry(kRoot, 0, kRoot + 0x1000, 1);
    put_entry(kRoot + 0x1000, 0, kLeaves, 1);
    EXPECT_TRUE(machine_.memory.write(kRuntimePage, noise(0x1000, 1)));
    EXPECT_TRUE(machine_.memory.write(kEappPage, noise(0x1000, 2)));
    EXPECT_TRUE(machine_.memory.write(arguments_.utm_base, Bytes(0x2000, kMark)));
    map(8, kRuntimePage);
    map(16, kEappPage);
  }

  static constexpr std::uint64_t kLeaves = kRoot + 0x2000;

  void put_entry(std::uint64_t table, std::uint64_t index, std::uint64_t target,
                 std::uint64_t flags) {
    EXPECT_TRUE(machine_.memory.write(table + 8 * index, le(target >> 12U << 10U | flags, 8)));
  }
  void map(std::uint64_t page, std::uint64_t target, std::uint64_t flags = kUser) {
    put_entry(kLeaves, page, target, flags);
  }

  static CreateArguments arguments() {
    CreateArguments arguments = enclave_arguments();
    arguments.runtime_base = kRuntimePage;
    arguments.user_base = kEappPage;
    arguments.free_base = kEappPage + 0x1000;
    arguments.runtime_entry = kEntry;
    arguments.user_entry = kEntry + 8;
    arguments.untrusted_ptr = kUntrustedPtr;
    arguments.untrusted_size = 0x2000;
    return arguments;
  }

  // What every monitor hashes first, and the two pages that are always mapped.
  [[nodiscard]] static Bytes stream_of_the_two_pages() {
    Bytes stream;
    for (const std::uint64_t word : {kEntry, kEntry + 8, kUntrustedPtr, std::uint64_t{0x2000}}) {
      append(stream, le(word, 8));
    }
    append(stream, le(0x8000, 8));
    append(stream, noise(0x1000, 1));
    append(stream, le(0x10000, 8));
    append(stream, noise(0x1000, 2));
    return stream;
  }

  const CreateArguments arguments_ = arguments();
  Machine machine_{{.scheme = Scheme::page_walk}};
  // v0.1 and v0.2, over the same memory.
  SecurityMonitor old_{
      booted(), machine_.memory, {.scheme = Scheme::page_walk, .checks = WalkChecks::skip_foreign}};
};

TEST_F(PageWalk, HashesEntriesBufferAndMappedPages) {
  const auto created = machine_.monitor.create(arguments_);
  ASSERT_TRUE(created && created->hash);
  EXPECT_EQ(created->hash->hex(), second_sha3_512(stream_of_the_two_pages()));
  EXPECT_EQ(old_.create(arguments_)->hash, created->hash);
}

TEST_F(PageWalk, HashesUntrustedPagesAsTheZerosToWhichItClearsThem) {
  map(64, arguments_.utm_base);
  const auto created = machine_.monitor.create(arguments_);
  ASSERT_TRUE(created && created->hash);
  Bytes stream = stream_of_the_two_pages();
  append(stream, le(kUntrustedPtr, 8));
  append(stream, Bytes(0x1000));
  EXPECT_EQ(created->hash->hex(), second_sha3_512(stream));
}

TEST_F(PageWalk, OldMonitorsHashUntrustedPagesAsTheyAre) {
  map(64, arguments_.utm_base);
  const auto created = old_.create(arguments_);
  ASSERT_TRUE(created && created->hash);
  Bytes stream = stream_of_the_two_pages();
  append(stream, le(kUntrustedPtr, 8));
  append(stream, Bytes(0x1000, kMark));
  EXPECT_EQ(created->hash->hex(), second_sha3_512(stream));
}

TEST_F(PageWalk, RefusesPagesOfNobody) {
  map(17, 0x95000000);
  EXPECT_EQ(create_code(machine_.monitor, arguments_), SmCode::illegal_pte);
  // It had cleared the untrusted memory by then.
  EXPECT_EQ(read_memory(machine_.memory, arguments_.utm_base, 0x2000), Bytes(0x2000));
}

TEST_F(PageWalk, OldMonitorsPassOverPagesOfNobody) {
  map(17, 0x95000000);
  map(18, 0x80000000);
  const auto created = old_.create(arguments_);
  ASSERT_TRUE(created && created->hash);
  EXPECT_EQ(created->hash->hex(), second_sha3_512(stream_of_the_two_pages()));
}

TEST_F(PageWalk, RefusesAUserPageWithoutItsMark) {
  map(16, kEappPage, 0xcf);
  EXPECT_EQ(create_code(machine_.monitor, arguments_), SmCode::illegal_pte);
}

TEST_F(PageWalk, RefusesATableOutsideThePrivateMemory) {
  put_entry(kRoot, 1, 0x95000000, 1);
  EXPECT_EQ(create_code(machine_.monitor, arguments_), SmCode::illegal_pte);
}

TEST_F(PageWalk, TakesNoSlotForAnEnclaveThatItRefuses) {
  map(17, 0x95000000);
  EXPECT_EQ(create_code(machine_.monitor, arguments_), SmCode::illegal_pte);
  EXPECT_EQ(machine_.monitor.destroy(0), SmCode::not_destroyable);
  map(17, 0, 0);
  const auto created = machine_.monitor.create(arguments_);
  EXPECT_EQ(created->code, SmCode::success);
  EXPECT_EQ(created->id, 0U);
}

TEST_F(PageWalk, OldMonitorsDoNotCheckBoundaries) {
  CreateArguments arguments = arguments_;
  arguments.runtime_base = arguments.free_base + 1;
  EXPECT_EQ(create_code(machine_.monitor, arguments), SmCode::illegal_argument);
  EXPECT_EQ(create_code(old_, arguments), SmCode::success);
}

// What no register can hold is refused by every monitor.
TEST_F(PageWalk, OldMonitorsRefuseRegionsThatCannotBeProtected) {
  CreateArguments arguments = arguments_;
  arguments.epm_size = 0;
  EXPECT_EQ(create_code(old_, arguments), SmCode::pmp_failure);
  arguments.epm_size = UINT64_MAX & ~std::uint64_t{0xfff};
  EXPECT_EQ(create_code(old_, arguments), SmCode::pmp_failure);
  arguments = arguments_;
  arguments.utm_size = 0;
  EXPECT_EQ(create_code(old_, arguments), SmCode::pmp_failure);
}

// Two pages, to which three tables lead.
TEST_F(PageWalk, VisitsNoMorePagesAndTablesThanTheLimit) {
  SecurityMonitor five(booted(), machine_.memory, {.scheme = Scheme::page_walk, .max_pages = 5});
  EXPECT_EQ(create_code(five, arguments_), SmCode::success);
  SecurityMonitor four(booted(), machine_.memory, {.scheme = Scheme::page_walk, .max_pages = 4});
  EXPECT_TRUE(fails_with(four.create(arguments_), ErrorCode::limit_exceeded, "4"));
  EXPECT_EQ(four.destroy(0), SmCode::not_destroyable);
}

// One page, mapped as often as tables allow: 2^27 times. Monitors of v0.3 and later refuse the
// second time, as addresses must ascend.
TEST_F(PageWalk, StopsAtTablesThatMapAPageWithoutEnd) {
  for (std::uint64_t i = 0; i < 512; ++i) {
    put_entry(kRoot, i, kRoot + 0x1000, 1);
    put_entry(kRoot + 0x1000, i, kLeaves, 1);
    map(i, kEappPage);
  }
  SecurityMonitor limited(
      booted(), machine_.memory,
      {.scheme = Scheme::page_walk, .checks = WalkChecks::skip_foreign, .max_pages = 1000});
  EXPECT_TRUE(fails_with(limited.create(arguments_), ErrorCode::limit_exceeded, "1000"));
  EXPECT_EQ(create_code(machine_.monitor, arguments_), SmCode::illegal_pte);
}

TEST(PageWalkOptions, TheLoaderSchemeHasNoOldMonitors) {
  Machine machine({.checks = WalkChecks::skip_foreign});
  CreateArguments arguments = enclave_arguments();
  arguments.free_base = 0;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::illegal_argument);
}

}  // namespace
}  // namespace keystone
