// SPDX-License-Identifier: Apache-2.0
// What is written and read back. What is refused: golden_reject_test.cpp.
#include "fails_with.hpp"
#include "golden_same.hpp"
#include <keystone/testing/vectors.hpp>

#include <algorithm>
#include <filesystem>

namespace keystone {
namespace {

TEST(Golden, IsReadBackAsItWasWritten) {
  expect_round_trip(example_file());
  expect_round_trip({});
  expect_round_trip({{}, {bare_sm("bare")}});
  expect_round_trip({{example_enclave("a"), example_enclave("b")}, {}});
}

TEST(Golden, KeepsExtremeNumbers) {
  GoldenSm least = example_sm("a");
  least.base = 0;
  least.size = 0;
  least.fill = std::uint8_t{0};
  GoldenSm most = example_sm("b");
  most.base = UINT64_MAX;
  most.size = UINT64_MAX;
  expect_round_trip({{}, {least, most}});
}

TEST(Golden, KeepsEachOptionalFieldOnItsOwn) {
  GoldenFile file{{}, {bare_sm("0"), bare_sm("1"), bare_sm("2"), bare_sm("3")}};
  file.security_monitors[0].platform.reset();
  file.security_monitors[0].base = 1;
  file.security_monitors[0].size = 2;
  file.security_monitors[1].base = 1;
  file.security_monitors[2].size = 2;
  file.security_monitors[3].fill = std::uint8_t{3};
  expect_round_trip(file);
}

TEST(Golden, KeepsNamesAndPathsInAnyScript) {
  GoldenEnclave enclave = example_enclave("\xc3\xa9 \"quoted\" \\ \xf0\x9f\x98\x80");
  enclave.eapp.path = "a folder/caf\xc3\xa9/..\\x";
  expect_round_trip({{enclave}, {}});
}

TEST(Golden, KeepsTheLongestNameAndPath) {
  GoldenEnclave enclave = example_enclave(std::string(128, 'n'));
  enclave.runtime.path = std::string(4096, 'p');
  expect_round_trip({{enclave}, {}});
}

TEST(Golden, WritesEntriesByNameWhateverTheirOrder) {
  std::vector<std::string> names{"B", "a", "a b", "a-b", "ab", "\xc3\xa9"};
  GoldenFile sorted;
  for (const std::string& name : names) {
    sorted.enclaves.push_back(example_enclave(name));
    sorted.security_monitors.push_back(example_sm("sm " + name));
  }
  const std::string want = serialized(sorted);
  const auto read = GoldenFile::parse(want);
  ASSERT_TRUE(read);
  EXPECT_TRUE(same(*read, sorted));
  while (std::next_permutation(names.begin(), names.end())) {
    GoldenFile file;
    for (const std::string& name : names) {
      file.enclaves.push_back(example_enclave(name));
      file.security_monitors.insert(file.security_monitors.begin(), example_sm("sm " + name));
    }
    ASSERT_EQ(serialized(file), want);
  }
}

TEST(Golden, WritesTheSameBytesTwice) {
  const GoldenFile file = example_file();
  EXPECT_EQ(serialized(file), serialized(file));
  EXPECT_EQ(serialized(file), serialized(GoldenFile(file)));
}

TEST(Golden, WritesAnEmptyFile) {
  EXPECT_EQ(serialized(GoldenFile()),
            "{\n"
            "  \"schema\": \"keystone.golden/1\",\n"
            "  \"enclaves\": [],\n"
            "  \"security_monitors\": []\n"
            "}\n");
}

TEST(Golden, WritesKeysInAFixedOrder) {
  const std::string text = serialized(example_file());
  std::size_t at = 0;
  for (const char* const key : {"\"schema\"",
                                "\"enclaves\"",
                                "\"name\": \"hello\"",
                                "\"profile\"",
                                "\"inputs\"",
                                "\"eapp\"",
                                "\"path\": \"build/eapp.elf\"",
                                "\"sha256\": \"0a0a",
                                "\"runtime\"",
                                "\"loader\"",
                                "\"parameters\"",
                                "\"loader_raw\": true",
                                "\"hash\": \"0d0d",
                                "\"security_monitors\"",
                                "\"name\": \"board\"",
                                "\"platform\": \"generic\"",
                                "\"inputs\"",
                                "\"image\"",
                                "\"parameters\"",
                                "\"base\": \"0x80000000\"",
                                "\"size\": \"0x1ff000\"",
                                "\"fill\": \"0xff\"",
                                "\"hash\": \"1b1b"}) {
    at = text.find(key, at);
    ASSERT_NE(at, std::string::npos) << key;
  }
  EXPECT_TRUE(text.ends_with("}\n") && !text.ends_with("\n\n"));
}

TEST(Golden, IsNotWrittenWithTextThatIsNotUtf8) {
  EXPECT_TRUE(
      fails_with(GoldenFile{{example_enclave("\xff")}, {}}.serialize(), ErrorCode::malformed));
  GoldenSm sm = example_sm("a");
  sm.image.path = "\xc3";
  EXPECT_TRUE(fails_with(GoldenFile{{}, {sm}}.serialize(), ErrorCode::malformed));
}

TEST(Golden, IsNotWrittenLargerThanItIsRead) {
  GoldenFile file;
  for (int i = 0; i < 1500; ++i) {
    file.enclaves.push_back(example_enclave(std::to_string(i)));
    file.enclaves.back().eapp.path = std::string(4096, 'p');
    file.enclaves.back().runtime.path = std::string(4096, 'p');
    file.enclaves.back().loader->path = std::string(4096, 'p');
  }
  EXPECT_TRUE(fails_with(file.serialize(), ErrorCode::limit_exceeded));
}

// The fuzz target's corpus: its files say in their names what the reader says of them.
TEST(Golden, JudgesTheCorpusAsItsFilesAreNamed) {
  std::size_t judged = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing::vector_path("corpus/fuzz_golden"))) {
    const std::string name = entry.path().filename();
    const bool is_good = name.starts_with("good-");
    if (is_good || name.starts_with("bad-")) {
      const auto bytes = testing::read_vector_file("corpus/fuzz_golden/" + name);
      EXPECT_EQ(GoldenFile::parse(std::string(bytes.begin(), bytes.end())).has_value(), is_good)
          << name;
      ++judged;
    }
  }
  EXPECT_GE(judged, 14U);
}

TEST(GoldenName, TakesOneToOneHundredTwentyEightBytes) {
  EXPECT_TRUE(check_golden_name("a"));
  EXPECT_TRUE(check_golden_name(std::string(128, 'n')));
  EXPECT_TRUE(check_golden_name("two words, \xc3\xa9"));
  EXPECT_TRUE(fails_with(check_golden_name(""), ErrorCode::usage, {"name: ", "got 0"}));
  EXPECT_TRUE(
      fails_with(check_golden_name(std::string(129, 'n')), ErrorCode::usage, {"got 129", "128"}));
}

TEST(GoldenName, HasNoControlCharacters) {
  for (const char* const name : {"a\n", "\ta", "a\x1b[0m", "\x7f", "a\xc2\x9b"}) {
    EXPECT_TRUE(fails_with(check_golden_name(name), ErrorCode::usage, {"control"}));
  }
}

}  // namespace
}  // namespace keystone
