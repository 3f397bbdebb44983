// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/diff.hpp"

#include "explain_support.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::diff_test {
namespace {

using namespace keystone::testing;
using Kind = Difference::Kind;
using Lines = std::vector<std::string>;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kV1 = Profile::keystone_v1;

// `kind place: left | right` for each difference, without values for pages and functions.
Lines lines_of(const Differences& differences) {
  Lines lines;
  for (const Difference& difference : differences.list) {
    std::string line = std::string(to_string(difference.kind)) + " " + difference.place;
    if (difference.kind != Kind::page && difference.kind != Kind::function) {
      line += ": " + difference.left + " | " + difference.right;
    }
    lines.push_back(line);
  }
  return lines;
}

Lines compare_lines(const Explanation& left, const Explanation& right) {
  const Differences differences = compare(left, right);
  EXPECT_EQ(differences.same_hash, left.measurement.hash == right.measurement.hash);
  std::uint64_t counted = 0;
  for (const std::uint64_t count : differences.counts) {
    counted += count;
  }
  EXPECT_EQ(counted, differences.list.size());
  return lines_of(differences);
}

TEST(Compare, FindsNothingBetweenEqualEnclaves) {
  for (const Profile profile : {kRv64, kV1}) {
    const Explanation explanation = explained(bundled("rv64"), profile);
    EXPECT_EQ(compare_lines(explanation, explanation), Lines());
    EXPECT_TRUE(compare(explanation, explanation).same_hash);
  }
}

TEST(Compare, FindsOneChangedInstruction) {
  const Files before = bundled("rv64");
  Files after = before;
  after.eapp[0x1020] ^= 1U;  // in greet(), at 0x10020
  EXPECT_EQ(compare_lines(explained(before, kV1), explained(after, kV1)),
            (Lines{"page eapp 0x10000", "function eapp greet"}));
  EXPECT_EQ(compare_lines(explained(before, kRv64), explained(after, kRv64)),
            (Lines{"page eapp 0x1000", "function eapp greet"}));
}

TEST(Compare, SaysWhatEachSideHas) {
  const Files before = bundled("rv64");
  Files after = before;
  after.eapp[0x1020] ^= 1U;
  const auto differences = compare(explained(before, kRv64), explained(after, kRv64));
  EXPECT_FALSE(differences.same_hash);
  ASSERT_EQ(differences.list.size(), 2U);
  const Difference& page = differences.list[0];
  EXPECT_EQ(page.left, independent_sha256(ByteView(before.eapp).subspan(0x1000, 4096)));
  EXPECT_EQ(page.right, independent_sha256(ByteView(after.eapp).subspan(0x1000, 4096)));
  const Difference& function = differences.list[1];
  EXPECT_EQ(function.left,
            "66 bytes, " + independent_sha256(ByteView(before.eapp).subspan(0x101c, 66)));
  EXPECT_EQ(function.right,
            "66 bytes, " + independent_sha256(ByteView(after.eapp).subspan(0x101c, 66)));
}

TEST(Compare, DoesNotBlameWhatLiesBehindALargerLoader) {
  Files before = bundled("rv64");
  before.loader = noise("loader", 5000);
  Files after = before;
  after.loader.resize(9000, 1);
  EXPECT_EQ(compare_lines(explained(before, kRv64), explained(after, kRv64)),
            (Lines{"word loader_size: 0x2000 | 0x3000", "page loader 0x1000",
                   "range loader 0x2000:  | 4096 bytes"}));
}

TEST(Compare, FindsAnotherUntrustedSize) {
  const Files files = bundled("rv64");
  PageWalkParameters larger = default_parameters(kV1);
  larger.untrusted_size = 16384;
  EXPECT_EQ(compare_lines(explained(files, kV1), explained(files, kV1, larger)),
            (Lines{"word untrusted_size: 0x2000 | 0x4000",
                   "range untrusted 0xffffffff80002000:  | 8192 bytes"}));
}

TEST(Compare, FindsAMissingAndALowerStack) {
  const Files files = bundled("rv64");
  PageWalkParameters none = default_parameters(kV1);
  none.stack_size = 0;
  EXPECT_EQ(compare_lines(explained(files, kV1), explained(files, kV1, none)),
            (Lines{"range stack 0x3fffc000: 16384 bytes | "}));
  PageWalkParameters larger = default_parameters(kV1);
  larger.stack_size = 32768;
  EXPECT_EQ(compare_lines(explained(files, kV1), explained(files, kV1, larger)),
            (Lines{"range stack 0x3fff8000:  | 16384 bytes"}));
}

TEST(Compare, FindsMemoryThatLiesElsewhere) {
  const Bytes runtime = build_elf(program_at(0xffffffffc0000000, noise("runtime", 100)));
  const auto enclave = [&](std::uint64_t address, std::size_t size) {
    return explained({build_elf(program_at(address, noise("text", size))), runtime, {}}, kV1);
  };
  EXPECT_EQ(compare_lines(enclave(0x10000, 8192), enclave(0x40000, 8192)),
            (Lines{"word user_entry: 0x10000 | 0x40000", "range eapp 0x10000: 8192 bytes | ",
                   "range eapp 0x40000:  | 8192 bytes"}));
  EXPECT_EQ(compare_lines(enclave(0x10000, 8192), enclave(0x11000, 8192)),
            (Lines{"word user_entry: 0x10000 | 0x11000", "range eapp 0x10000: 4096 bytes | ",
                   "page eapp 0x11000", "range eapp 0x12000:  | 4096 bytes"}));
}

TEST(Compare, TellsTheProfilesOfEqualHashesApart) {
  const Files files = bundled("rv64");
  const auto left = explained(files, kV1);
  const auto right = explained(files, Profile::pagewalk_v0_3);
  EXPECT_EQ(compare_lines(left, right), (Lines{"profile profile: keystone-v1 | pagewalk-v0.3"}));
  EXPECT_TRUE(compare(left, right).same_hash);
}

TEST(Compare, FindsTheStackOfTheRustSdk) {
  const Files files = bundled("rv64");
  EXPECT_EQ(compare_lines(explained(files, kRv64), explained(files, Profile::rust_sdk_0_3)),
            (Lines{"profile profile: keystone-loader-rv64 | rust-sdk-0.3",
                   "word eapp_size: 0x3000 | 0x7000", "range stack 0x0:  | 16384 bytes"}));
}

TEST(Compare, DoesNotCompareMemoryOfDifferentSchemes) {
  Files files = bundled("rv64");
  const auto left = explained(files, kRv64);
  files.eapp[0x1020] ^= 1U;
  const Lines lines = compare_lines(left, explained(files, kV1));
  ASSERT_EQ(lines.size(), 1U + 3U + 4U + 4U);
  EXPECT_EQ(lines[1], "word loader_size: 0x2000 | ");
  EXPECT_EQ(lines[4], "word runtime_entry:  | 0x200000");
  const Lines functions(lines.begin() + 8, lines.end());
  EXPECT_EQ(functions, (Lines{"function loader _start", "function loader load_runtime",
                              "function loader refuse", "function eapp greet"}));
}

TEST(Compare, FindsWordsAndRangesWithoutPages) {
  const Files before = bundled("rv64");
  Files after = before;
  after.eapp[0x1020] ^= 1U;
  after.eapp.resize(3 * 4096 + 1);
  const Lines want = {"word eapp_size: 0x3000 | 0x4000", "range eapp 0x3000:  | 4096 bytes"};
  for (const auto& [left, right] : {std::pair(kNoPages, kNoPages), std::pair(kNoPages, kWithPages),
                                    std::pair(kWithPages, kNoPages)}) {
    EXPECT_EQ(compare_lines(explained(before, kRv64, left), explained(after, kRv64, right)), want);
  }
}

TEST(Compare, HasNoDifferenceForZerosOfAnotherOrigin) {
  // An eapp that has zeros where another has its stack: the same is measured.
  const Bytes text = noise("text", 4096);
  const Bytes runtime = build_elf(program_at(0xffffffffc0000000, noise("runtime", 100)));
  PageWalkParameters no_stack = default_parameters(kV1);
  no_stack.stack_size = 0;
  const std::uint64_t address = 0x3fffb000;
  const auto with_stack = explained({build_elf(program_at(address, text)), runtime, {}}, kV1);
  const auto with_zeros =
      explained({build_elf(program_at(address, text, 16384)), runtime, {}}, kV1, no_stack);
  EXPECT_EQ(with_stack.measurement.hash, with_zeros.measurement.hash);
  EXPECT_EQ(compare_lines(with_stack, with_zeros), Lines());
}

TEST(Compare, FindsAllOfAnEnclaveThatTheOtherLacks) {
  const auto empty = explained({{}, {}, {}}, kRv64);
  const Lines lines = compare_lines(empty, explained(bundled("rv64"), kRv64));
  EXPECT_EQ(lines[3], "range loader 0x0:  | 8192 bytes");
  EXPECT_EQ(lines[5], "range eapp 0x0:  | 12288 bytes");
  EXPECT_EQ(lines.size(), 3U + 3U + 12U);
}

// --- many -------------------------------------------------------------------------------------

TEST(Compare, ListsAThousandOfAKindAndCountsTheRest) {
  const std::size_t pages = Differences::kMaxListed + 5;
  const Files left{Bytes(pages * 4096, 1), {}, {}};
  const Files right{Bytes(pages * 4096, 2), {}, {}};
  const auto differences = compare(explained(left, kRv64), explained(right, kRv64));
  EXPECT_EQ(differences.list.size(), Differences::kMaxListed);
  EXPECT_EQ(differences.counts[static_cast<std::size_t>(Kind::page)], pages);
  EXPECT_EQ(differences.list.back().place, "eapp 0x3e7000");
}

TEST(Compare, IsTheSameFromTheOtherSide) {
  const Files before = bundled("rv64");
  Files after = before;
  after.eapp = walk_files("e_multi", "rt_multi").eapp;
  after.runtime[0x1010] ^= 1U;
  PageWalkParameters other = default_parameters(kV1);
  other.stack_size = 8192;
  const auto left = explained(before, kV1);
  const auto right = explained(after, kV1, other);
  const auto there = compare(left, right);
  const auto back = compare(right, left);
  ASSERT_EQ(there.list.size(), back.list.size());
  EXPECT_EQ(there.counts, back.counts);
  EXPECT_GT(there.list.size(), 5U);
  for (std::size_t i = 0; i < there.list.size(); ++i) {
    EXPECT_EQ(there.list[i].place, back.list[i].place);
    EXPECT_EQ(there.list[i].left, back.list[i].right);
    EXPECT_EQ(there.list[i].right, back.list[i].left);
  }
}

}  // namespace
}  // namespace keystone::diff_test
