// SPDX-License-Identifier: Apache-2.0
// The mappings that a monitor of v0.3 and later refuses, rule by rule; each beside what it just
// takes.
#include "page_walk_memory.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_checks_test {
namespace {

using namespace keystone::testing;
using Enclave = HandMadeEnclave;
using Kind = SmRefusal::Kind;

constexpr auto kEpm = Enclave::epm;
constexpr auto kUtm = Enclave::utm;

::testing::AssertionResult refuses_mapping(const Enclave& enclave, std::string_view fact) {
  return refuses(enclave.measure(), Kind::illegal_mapping, fact);
}

TEST(PageWalkMappingCheck, RefusesATableOutsidePrivateMemory) {
  for (const std::uint64_t physical : {kEpm(0) - kPageSize, kEpm(32), std::uint64_t{0}}) {
    Enclave enclave;
    enclave.set(0, 3, Enclave::entry(physical, 1));
    EXPECT_TRUE(refuses_mapping(enclave, "page table"));
  }
}

TEST(PageWalkMappingCheck, RefusesATableInUntrustedMemory) {
  Enclave enclave;
  enclave.set(0, 3, Enclave::entry(kUtm(0), 1));
  EXPECT_TRUE(refuses_mapping(enclave, "page table"));
  enclave.set(0, 3, Enclave::entry(kEpm(1), 1));
  enclave.set(1, 3, Enclave::entry(kUtm(0), 1));
  EXPECT_TRUE(refuses_mapping(enclave, "page table"));
}

TEST(PageWalkMappingCheck, TakesTablesAnywhereInPrivateMemory) {
  Enclave enclave;  // a table among the free pages, one among the runtime's
  enclave.put(kEpm(30), Bytes(4096));
  enclave.put(kEpm(15), Bytes(4096));
  enclave.set(0, 3, Enclave::entry(kEpm(30), 1));
  enclave.set(30, 0, Enclave::entry(kEpm(15), 1));
  enclave.set(15, 0, Enclave::entry(kEpm(16)));
  EXPECT_TRUE(
      hashes(enclave.measure(), concat({enclave.words(), enclave.range(0xc0000000, {kEpm(16)})})));
}

TEST(PageWalkMappingCheck, RefusesAPageOutsideBothRegions) {
  for (const std::uint64_t physical :
       {kEpm(0) - kPageSize, kEpm(32), kUtm(0) - kPageSize, kUtm(2), std::uint64_t{0}}) {
    Enclave enclave;
    enclave.map(0x10000, {physical});
    EXPECT_TRUE(refuses_mapping(enclave, "outside private and untrusted"));
  }
}

TEST(PageWalkMappingCheck, RefusesAPageThatIsNeitherTheRuntimesNorTheEapps) {
  for (const std::uint64_t physical : {kEpm(0), kEpm(7), kEpm(28), kEpm(31)}) {
    Enclave enclave;
    enclave.map(0x10000, {physical});
    EXPECT_TRUE(refuses_mapping(enclave, "neither"));
  }
  for (const std::uint64_t physical : {kEpm(8), kEpm(15), kEpm(16), kEpm(27)}) {
    Enclave enclave;
    enclave.map(0x10000, {physical});
    EXPECT_TRUE(takes(enclave.measure()));
  }
}

TEST(PageWalkMappingCheck, RefusesAPageOfTheEappThatIsNotAUserPage) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16)});
  enclave.set(2, 16, Enclave::entry(kEpm(16), 0xcf));
  EXPECT_TRUE(refuses_mapping(enclave, "user page"));
}

TEST(PageWalkMappingCheck, DoesNotAskForTheUserBitElsewhere) {
  for (const std::uint64_t physical : {kEpm(8), kUtm(0)}) {
    for (const std::uint64_t bits : {0xcfU, 0xdfU}) {
      Enclave enclave;
      enclave.map(0x10000, {physical});
      enclave.set(2, 16, Enclave::entry(physical, bits));
      EXPECT_TRUE(takes(enclave.measure()));
    }
  }
}

TEST(PageWalkMappingCheck, RefusesPrivatePagesInTheUntrustedWindow) {
  for (const std::uint64_t address : {0x70000000U, 0x70001000U}) {
    for (const std::uint64_t physical : {kEpm(8), kEpm(16)}) {
      Enclave enclave;
      enclave.map(address, {physical});
      EXPECT_TRUE(refuses_mapping(enclave, "untrusted buffer"));
    }
  }
}

TEST(PageWalkMappingCheck, TakesPrivatePagesJustOutsideTheUntrustedWindow) {
  for (const std::uint64_t address : {0x6ffff000U, 0x70002000U}) {
    Enclave enclave;
    enclave.map(address, {kEpm(16)});
    EXPECT_TRUE(takes(enclave.measure()));
  }
}

TEST(PageWalkMappingCheck, ComparesTheWindowByTheByte) {
  Enclave enclave;
  enclave.map(0x70000000, {kEpm(16)});
  enclave.arguments.untrusted_ptr = 0x70000001;  // the page starts before it
  EXPECT_TRUE(takes(enclave.measure()));
  enclave.arguments.untrusted_ptr = 0x6ffff000;
  enclave.arguments.untrusted_size = 0x1000;
  EXPECT_TRUE(takes(enclave.measure()));
  enclave.arguments.untrusted_size = 0x1001;
  EXPECT_TRUE(refuses_mapping(enclave, "untrusted buffer"));
}

TEST(PageWalkMappingCheck, TakesAWindowThatWrapsAsEmpty) {
  Enclave enclave;
  enclave.map(0xfffffffffffff000, {kEpm(16)});
  enclave.arguments.untrusted_ptr = 0xfffffffffffff000;
  enclave.arguments.untrusted_size = 0x1000;
  EXPECT_TRUE(takes(enclave.measure()));
  Enclave narrow(Word::bits32);
  narrow.map(0xfffff000, {kEpm(16)});
  narrow.arguments.untrusted_ptr = 0xfffff000;
  narrow.arguments.untrusted_size = 0x1000;
  EXPECT_TRUE(takes(narrow.measure()));
  narrow.arguments.untrusted_ptr = 0xffffe000;
  narrow.arguments.untrusted_size = 0x1fff;
  EXPECT_TRUE(refuses_mapping(narrow, "untrusted buffer"));
}

TEST(PageWalkMappingCheck, TakesUntrustedPagesAnywhereAndInAnyOrder) {
  Enclave enclave;
  enclave.map(0x10000, {kUtm(1), kUtm(0), kUtm(1), kUtm(1)});
  EXPECT_TRUE(hashes(
      enclave.measure(),
      concat({enclave.words(), enclave.range(0x10000, {kUtm(1), kUtm(0), kUtm(1), kUtm(1)})})));
}

TEST(PageWalkMappingCheck, RefusesPhysicalAddressesThatDoNotAscend) {
  for (const std::size_t first : {std::size_t{8}, std::size_t{16}}) {
    Enclave twice;
    twice.map(0x10000, {kEpm(first), kEpm(first)});
    EXPECT_TRUE(refuses_mapping(twice, "ascend"));
    Enclave swapped;
    swapped.map(0x10000, {kEpm(first + 1), kEpm(first)});
    EXPECT_TRUE(refuses_mapping(swapped, "ascend"));
    Enclave far;
    far.map(0x10000, {kEpm(first + 1)});
    far.map(0xffffffff80000000, {kEpm(first)});
    EXPECT_TRUE(refuses_mapping(far, "ascend"));
  }
}

TEST(PageWalkMappingCheck, LetsRuntimeAndEappAscendEachForItself) {
  Enclave enclave;
  enclave.map(0x10000, {kEpm(16), kEpm(8), kEpm(17), kUtm(0), kEpm(9), kEpm(27), kEpm(15)});
  EXPECT_TRUE(takes(enclave.measure()));
}

TEST(PageWalkMappingCheck, TellsWhichPageItIs) {
  Enclave enclave;
  enclave.map(0x1234000, {kEpm(31)});
  EXPECT_TRUE(refuses_mapping(enclave, "0x1234000 (physical 0x8001f000)"));
}

}  // namespace
}  // namespace keystone::page_walk_checks_test
