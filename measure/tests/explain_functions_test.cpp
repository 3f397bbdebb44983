// SPDX-License-Identifier: Apache-2.0
#include "explain_support.hpp"
#include "keystone/base/number.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_functions_test {
namespace {

using namespace keystone::testing;
using Lines = std::vector<std::string>;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kV1 = Profile::keystone_v1;
constexpr std::uint64_t kEapp = 0x10000;

// `eapp main 0x10000 62` for each function.
Lines functions_of(const Result<Explanation>& explanation) {
  EXPECT_TRUE(succeeds(explanation));
  Lines lines;
  for (const MeasuredFunction& function : explanation->functions) {
    lines.push_back(std::string(function.role) + " " + function.name + " " +
                    to_hex_number(function.address) + " " + std::to_string(function.size));
  }
  return lines;
}

// The explanation with pages of an eapp with these symbols, measured as a file.
Result<Explanation> explain_symbols(const std::vector<SymbolSpec>& symbols,
                                    std::size_t text_size = 1000) {
  ElfSpec eapp = program_at(kEapp, noise("text", text_size), 4096);
  eapp.add_symbols(symbols);
  return explain_files({build_elf(eapp), {}, {}}, kRv64, kWithPages);
}

TEST(ExplainFunctions, AreThoseOfTheSampleEnclaveByRoleAndAddress) {
  const Lines want = {"loader _start 0x0 46",
                      "loader refuse 0x2e 22",
                      "loader load_runtime 0x44 370",
                      "runtime _start 0x200000 174",
                      "runtime trap 0x2000b0 90",
                      "runtime leave 0x20010c 28",
                      "runtime attest 0x200128 110",
                      "runtime load_app 0x200196 364",
                      "runtime handle_trap 0x200302 122",
                      "eapp _start 0x10000 28",
                      "eapp greet 0x1001c 66",
                      "eapp app_main 0x1005e 62"};
  EXPECT_EQ(functions_of(explain_files(bundled("rv64"), kRv64, kWithPages)), want);
  const Lines without_loader(want.begin() + 3, want.end());
  EXPECT_EQ(functions_of(explain_files(bundled("rv64"), kV1, kWithPages)), without_loader);
}

TEST(ExplainFunctions, HaveTheDigestOfTheirBytesInTheFile) {
  const Files files = bundled("rv64");
  const auto explanation = explain_files(files, kV1, kWithPages);
  ASSERT_TRUE(succeeds(explanation));
  const MeasuredFunction& greet = explanation->functions.at(7);
  ASSERT_EQ(greet.name, "greet");
  EXPECT_EQ(greet.sha256.hex(), independent_sha256(ByteView(files.eapp).subspan(0x101c, 66)));
  EXPECT_EQ(explanation->functions_left_out, 0U);
}

TEST(ExplainFunctions, LargerThanAnyBufferAreDigestedWhole) {
  const Bytes text = noise("text", 200'000);
  ElfSpec eapp = program_at(kEapp, text);
  eapp.add_symbols({{.name = "huge", .value = kEapp, .size = text.size()}});
  const auto explanation = explain_files({build_elf(eapp), {}, {}}, kRv64, kWithPages);
  ASSERT_EQ(functions_of(explanation).size(), 1U);
  EXPECT_EQ(explanation->functions[0].sha256.hex(), independent_sha256(text));
}

TEST(ExplainFunctions, WithSeveralNamesAreListedByEach) {
  const auto explanation = explain_symbols({{.name = "strong", .value = kEapp + 8, .size = 20},
                                            {.name = "alias", .value = kEapp + 8, .size = 20},
                                            {.name = "longer", .value = kEapp + 8, .size = 21}});
  EXPECT_EQ(functions_of(explanation),
            (Lines{"eapp alias 0x10008 20", "eapp longer 0x10008 21", "eapp strong 0x10008 20"}));
  EXPECT_EQ(explanation->functions[0].sha256, explanation->functions[2].sha256);
  EXPECT_NE(explanation->functions[0].sha256, explanation->functions[1].sha256);
}

TEST(ExplainFunctions, AreNoObjectsAndHaveBytes) {
  EXPECT_EQ(functions_of(
                explain_symbols({{.name = "object", .value = kEapp, .size = 8, .type = 1},
                                 {.name = "empty", .value = kEapp, .size = 0},
                                 {.name = "", .value = kEapp, .size = 8},
                                 {.name = "undefined", .value = kEapp, .size = 8, .section = 0},
                                 {.name = "absolute", .value = kEapp, .size = 8, .section = 0xfff1},
                                 {.name = "in_bss", .value = kEapp + 1000, .size = 8, .section = 2},
                                 {.name = "beyond", .value = kEapp + 999, .size = 2}})),
            Lines());
}

TEST(ExplainFunctions, OutsideTheMeasuredSectionAreLeftOut) {
  ElfSpec loader{.sections = {{.name = ".text", .content = noise("text", 100)},
                              {.name = ".init", .content = noise("init", 100), .addr = 0x1000}}};
  loader.add_symbols({{.name = "in", .value = 10, .size = 90},
                      {.name = "out", .value = 0x1000, .size = 10, .section = 2}});
  const auto explanation = explain_files({{}, {}, build_elf(loader)}, kRv64, kWithPages);
  EXPECT_EQ(functions_of(explanation), (Lines{"loader in 0xa 90"}));
}

TEST(ExplainFunctions, InSegmentsThatShareBytesAreAllThere) {
  ElfSpec loader = program_at(0, noise("text", 1000));
  loader.segments.push_back({.vaddr = 0x1000, .offset = 64 + 2 * 56 + 100, .filesz = 200});
  loader.sections[0].offset = 64 + 2 * 56;
  loader.add_symbols({{.name = "last", .value = 500, .size = 500}});
  const Bytes program = build_elf(program_at(0x10000, noise("other", 100)));
  const Files files{program, program, build_elf(loader)};
  EXPECT_EQ(functions_of(explain_files(files, Profile::rust_sdk_0_3, kWithPages)),
            (Lines{"loader last 0x1f4 500"}));
}

TEST(ExplainFunctions, WhoseBytesAPageDropsAreLeftOut) {
  // Two segments on one page: keystone-v1 keeps the first.
  const Bytes text = noise("text", 600);
  ElfSpec eapp = program_at(kEapp, text);
  eapp.segments[0].filesz = 300;
  eapp.segments.push_back(
      {.vaddr = kEapp + 300, .offset = 64 + 2 * 56 + 300, .filesz = 300, .memsz = 300});
  eapp.sections[0].offset = 64 + 2 * 56;
  eapp.add_symbols({{.name = "kept", .value = kEapp + 200, .size = 100},
                    {.name = "cut", .value = kEapp + 250, .size = 100},
                    {.name = "dropped", .value = kEapp + 300, .size = 100}});
  const Bytes runtime = build_elf(program_at(0xffffffffc0000000, noise("runtime", 100)));
  Files files{build_elf(eapp), runtime, {}};
  files.eapp.resize(files.eapp.size() + 4096);  // the host reads on, up to the page's end
  EXPECT_EQ(functions_of(explain_files(files, kV1, kWithPages)), (Lines{"eapp kept 0x100c8 100"}));
}

TEST(ExplainFunctions, OverlapWithoutEnd) {
  // Each pair overlaps: all their bytes come to many times the file.
  std::vector<SymbolSpec> symbols;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    symbols.push_back({.name = "f" + std::to_string(i), .value = kEapp + i, .size = 60'000 - i});
  }
  const auto explanation = explain_symbols(symbols, 60'000);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_GT(explanation->functions_left_out, 2900U);
  EXPECT_EQ(explanation->functions_left_out + explanation->functions.size(), 3000U);
  EXPECT_GE(explanation->functions.size(), 2U);
}

TEST(ExplainFunctions, ThatAreTooMuchLeaveRoomForSmallOnes) {
  std::vector<SymbolSpec> symbols;
  for (std::uint64_t i = 0; i < 10; ++i) {
    symbols.push_back({.name = "f" + std::to_string(i), .value = kEapp + i, .size = 900});
  }
  symbols.push_back({.name = "small", .value = kEapp + 990, .size = 2});
  const auto explanation = explain_symbols(symbols);
  EXPECT_EQ(functions_of(explanation).back(), "eapp small 0x103de 2");
  EXPECT_GT(explanation->functions_left_out, 0U);
}

TEST(ExplainFunctions, OfRv32HaveAddressesOf32Bits) {
  const auto explanation =
      explain_files(bundled("rv32"), Profile::keystone_loader_rv32, kWithPages);
  EXPECT_EQ(functions_of(explanation).back(), "eapp app_main 0x1005e 62");
}

}  // namespace
}  // namespace keystone::explain_functions_test
