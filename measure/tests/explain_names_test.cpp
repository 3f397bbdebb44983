// SPDX-License-Identifier: Apache-2.0
// What an explanation calls memory, and what it does with files that lie about it.
#include "explain_support.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_names_test {
namespace {

using namespace keystone::testing;

constexpr auto kRv64 = Profile::keystone_loader_rv64;
constexpr auto kV1 = Profile::keystone_v1;
constexpr std::uint64_t kEapp = 0x10000;
constexpr std::uint64_t kRuntime = 0xffffffffc0000000;
constexpr std::uint64_t kText = 64 + 56;  // where program_at() has the contents in the file

// The explanation of an eapp with pages, beside a runtime of no interest, in the page walk.
Result<Explanation> explain_eapp(const ElfSpec& eapp, Profile profile = kV1) {
  const Bytes runtime = build_elf(program_at(kRuntime, noise("runtime", 100)));
  return explain_files({build_elf(eapp), runtime, {}}, profile, kWithPages);
}

// The section names of the first range of `role`.
std::string sections_of(const Result<Explanation>& explanation, std::string_view role = "eapp") {
  EXPECT_TRUE(succeeds(explanation));
  for (const MeasuredRange& range : explanation->ranges) {
    if (range.role == role) {
      return range.sections;
    }
  }
  return "no such range";
}

// The names of the symbols that span pages of the eapp; `-` for none.
std::string page_symbols(const Result<Explanation>& explanation) {
  EXPECT_TRUE(succeeds(explanation));
  std::string names;
  for (const MeasuredPage& page : explanation->pages) {
    if (explanation->ranges.at(page.range).role == "eapp") {
      names += (names.empty() ? "" : " ") + (page.symbol.empty() ? "-" : page.symbol);
    }
  }
  return names;
}

TEST(ExplainNames, GoByTheFileAndForZerosByTheAddress) {
  const ElfSpec eapp = program_at(kEapp, noise("text", 5000), 6000);
  const auto explanation = explain_eapp(eapp);
  ASSERT_TRUE(succeeds(explanation));
  EXPECT_EQ(explanation->ranges[0].sections, ".text");
  EXPECT_EQ(explanation->ranges[1].sections, ".text, .bss");
  EXPECT_EQ(explanation->ranges[2].sections, ".bss");
  EXPECT_EQ(explanation->ranges[2].zeros, Zeros::bss);
}

TEST(ExplainNames, AreThoseOfThreadLocalZerosNowhere) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100), 5000);
  eapp.sections[1].flags |= 0x400;  // SHF_TLS
  EXPECT_EQ(sections_of(explain_eapp(eapp)), ".text");
}

TEST(ExplainNames, AreNotThoseOfZerosThatTakeNoMemory) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100), 5000);
  eapp.sections[1].flags = 0;
  EXPECT_EQ(sections_of(explain_eapp(eapp)), ".text");
}

TEST(ExplainNames, OfSectionsThatOverlapAreOne) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100));
  eapp.sections.push_back({.name = ".inside", .offset = kText + 10, .size = 20});
  eapp.sections.push_back({.name = ".across", .offset = kText + 90, .size = 100});
  EXPECT_EQ(sections_of(explain_eapp(eapp)), ".text");
}

TEST(ExplainNames, LeaveOutSectionsOutsideTheFile) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100));
  eapp.sections.push_back({.name = ".far", .offset = kText + 50, .size = 1U << 20U});
  eapp.sections.push_back({.name = ".wraps", .offset = kText, .size = UINT64_MAX});
  EXPECT_EQ(sections_of(explain_eapp(eapp)), ".text");
}

TEST(ExplainNames, EndWithDotsWhereThereAreTooMany) {
  ElfSpec eapp = program_at(kEapp, noise("text", 4000));
  eapp.sections.clear();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    eapp.sections.push_back({.name = ".s" + std::to_string(i), .offset = kText + 4 * i, .size = 4});
  }
  const std::string names = sections_of(explain_eapp(eapp));
  EXPECT_EQ(names.substr(0, 12), ".s0, .s1, .s");
  EXPECT_EQ(names.substr(names.size() - 5), ", ...");
  EXPECT_LE(names.size(), 320U);
}

TEST(ExplainNames, OfTheLongestSectionAreWhole) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100));
  eapp.sections[0].name = "." + std::string(254, 'x');
  EXPECT_EQ(sections_of(explain_eapp(eapp)), eapp.sections[0].name);
}

TEST(ExplainNames, AreNoneInAFileWithoutSections) {
  // `x_samepage` has program headers, and section headers for nothing but their names.
  const auto explanation = explain_files(walk_files("x_samepage", "rt_multi"), kV1, kWithPages);
  EXPECT_EQ(sections_of(explanation), "");
  EXPECT_TRUE(explanation->functions.empty());
}

TEST(ExplainNames, AreNoneInAFileThatIsNotElf) {
  const auto explanation = explain_files({noise("eapp", 5000), {}, {}}, kRv64, kWithPages);
  EXPECT_EQ(sections_of(explanation), "");
}

TEST(ExplainNames, OfAFileWithDamagedTablesAreNoneAndNoError) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100));
  eapp.names_offset = UINT64_MAX;
  EXPECT_EQ(sections_of(explain_eapp(eapp)), "");
  Files cut{build_elf(program_at(kEapp, noise("text", 100))), {}, {}};
  cut.eapp.resize(cut.eapp.size() - 1);  // the section headers are not all there
  cut.loader_raw = true;
  EXPECT_EQ(sections_of(explain_files(cut, kRv64, kWithPages)), "");
}

TEST(ExplainNames, OfSectionsStayWhereSymbolsAreDamaged) {
  ElfSpec eapp = program_at(kEapp, noise("text", 100));
  eapp.add_symbols({{.name = "main", .value = kEapp, .size = 10}});
  eapp.sections[1].link = 100;  // no such section of names
  const auto explanation = explain_eapp(eapp);
  EXPECT_EQ(sections_of(explanation), ".text");
  EXPECT_TRUE(explanation->functions.empty());
}

TEST(ExplainNames, ChangeNoHashWhateverTheTablesSay) {
  ElfSpec spec = program_at(kEapp, noise("text", 300), 100);
  spec.add_symbols({{.name = "main", .value = kEapp, .size = 10}});
  const Files good{build_elf(spec), {}, {}, true};
  for (std::size_t at = 0; at < good.eapp.size(); ++at) {
    Files bad = good;
    bad.eapp[at] ^= 0xffU;
    const auto explanation = explain_files(bad, kRv64, kWithPages);
    ASSERT_TRUE(succeeds(explanation)) << "byte " << at;
    ASSERT_EQ(hash_by_files(*explanation, bad), explanation->measurement.hash.hex());
  }
}

TEST(ExplainNames, FailWhereTheirTablesCannotBeRead) {
  // The driver of v0.1 never looks at sections, so that only names need them.
  const ElfSpec spec = program_at(kEapp, noise("text", 100));
  Bytes file = build_elf(spec);
  file.resize(file.size() + 8192);
  const std::uint64_t table = file[40] | std::uint64_t{file[41]} << 8U;  // e_shoff
  const FailingSource eapp(file, table);
  const Bytes runtime_file = build_elf(program_at(kRuntime, noise("runtime", 4096)));
  const ArraySource runtime(runtime_file);
  PageWalkParameters parameters = default_parameters(Profile::pagewalk_v0_1);
  parameters.user_entry = kEapp;
  const PageWalkInputs inputs{eapp, runtime};
  const auto image = lay_out(inputs, Profile::pagewalk_v0_1, parameters, {});
  ASSERT_TRUE(succeeds(image));
  ASSERT_TRUE(succeeds(measure(*image)));
  EXPECT_TRUE(fails_with(explain(inputs, *image, kNoPages), ErrorCode::unreadable,
                         FailingSource::kMessage));
}

// --- symbols over pages -----------------------------------------------------------------------

TEST(ExplainSymbols, NamePagesThatTheySpanWhole) {
  ElfSpec eapp = program_at(kEapp, noise("text", 5 * 4096), 3 * 4096);
  eapp.add_symbols({{.name = "starts_early", .value = kEapp + 100, .size = 2 * 4096 - 100},
                    {.name = "table", .value = kEapp + 2 * 4096, .size = 4096, .type = 1},
                    {.name = "short", .value = kEapp + 3 * 4096, .size = 4095},
                    {.name = "zeros",
                     .value = kEapp + 5 * 4096,
                     .size = 2 * 4096 + 1,
                     .type = 1,
                     .section = 2}});
  EXPECT_EQ(page_symbols(explain_eapp(eapp)), "- starts_early table - - zeros zeros -");
}

TEST(ExplainSymbols, NameNoPageThatEndsInZeros) {
  ElfSpec eapp = program_at(kEapp, noise("text", 5000));
  eapp.add_symbols({{.name = "all", .value = kEapp, .size = 5000}});
  EXPECT_EQ(page_symbols(explain_eapp(eapp)), "all -");
}

TEST(ExplainSymbols, NamePagesByTheirPlaceInAWholeFile) {
  // In the loader scheme, addresses mean nothing: the section says where the symbol's bytes are.
  ElfSpec eapp = program_at(kEapp, noise("text", 3 * 4096));
  eapp.add_symbols({{.name = "table", .value = kEapp + 4096 - kText, .size = 4096, .type = 1}});
  const auto explanation = explain_files({build_elf(eapp), {}, {}}, kRv64, kWithPages);
  EXPECT_EQ(page_symbols(explanation), "- table - -");
}

TEST(ExplainSymbols, ThatOverlapNameNoPageTwice) {
  ElfSpec eapp = program_at(kEapp, noise("text", 3 * 4096));
  eapp.add_symbols({{.name = "second", .value = kEapp + 10, .size = 2 * 4096},
                    {.name = "b_alias", .value = kEapp, .size = 2 * 4096},
                    {.name = "a_alias", .value = kEapp, .size = 2 * 4096},
                    {.name = "part", .value = kEapp, .size = 4096}});
  EXPECT_EQ(page_symbols(explain_eapp(eapp)), "a_alias a_alias -");
}

TEST(ExplainSymbols, OfOtherKindsNameNothing) {
  ElfSpec eapp = program_at(kEapp, noise("text", 4096));
  eapp.add_symbols({{.name = "label", .value = kEapp, .size = 4096, .type = 0},
                    {.name = "section", .value = kEapp, .size = 4096, .type = 3},
                    {.name = "absolute", .value = kEapp, .size = 4096, .section = 0xfff1},
                    {.name = "undefined", .value = kEapp, .size = 4096, .section = 0},
                    {.name = "", .value = kEapp, .size = 4096}});
  EXPECT_EQ(page_symbols(explain_eapp(eapp)), "-");
}

TEST(ExplainSymbols, OutsideTheirSectionNameNothing) {
  ElfSpec eapp = program_at(kEapp, noise("text", 2 * 4096));
  eapp.add_symbols({{.name = "below", .value = kEapp - 1, .size = 4097},
                    {.name = "beyond", .value = kEapp + 4096, .size = 4097},
                    {.name = "wraps", .value = kEapp + 4096, .size = UINT64_MAX}});
  EXPECT_EQ(page_symbols(explain_eapp(eapp)), "- -");
}

}  // namespace
}  // namespace keystone::explain_names_test
