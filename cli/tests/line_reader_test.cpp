// SPDX-License-Identifier: Apache-2.0
#include "common/line_reader.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <vector>

#include <unistd.h>

namespace keystone::cli {
namespace {

using testing::fails_with;
using testing::put;
using testing::TemporaryFolder;

constexpr std::size_t kPart = std::size_t{1} << 20U;

class LineReaderTest : public ::testing::Test {
 protected:
  std::unique_ptr<InputFile> file_of(const std::string& content) {
    put(folder_ / "lines", content);
    return InputFile::open(folder_ / "lines", {}).value();
  }

  std::vector<std::string> lines_of(const std::string& content, std::size_t longest = 9) {
    const auto file = file_of(content);
    LineReader reader(*file, longest);
    std::vector<std::string> lines;
    for (auto line = reader.next().value(); line; line = reader.next().value()) {
      lines.emplace_back(line->text);
      sizes_.push_back(line->size);
    }
    return lines;
  }

  TemporaryFolder folder_;
  std::vector<std::uint64_t> sizes_;
};

using Lines = std::vector<std::string>;

TEST_F(LineReaderTest, GivesEachLineWithoutItsLineFeed) {
  EXPECT_EQ(lines_of("one\ntwo\n"), (Lines{"one", "two"}));
}

TEST_F(LineReaderTest, GivesALastLineThatHasNoLineFeed) {
  EXPECT_EQ(lines_of("one\ntwo"), (Lines{"one", "two"}));
}

TEST_F(LineReaderTest, GivesEmptyLines) {
  EXPECT_EQ(lines_of("\n\nx\n\n"), (Lines{"", "", "x", ""}));
}

TEST_F(LineReaderTest, LeavesCarriageReturnsAndZeroBytes) {
  EXPECT_EQ(lines_of(std::string("a\r\n\0b\n", 6)), (Lines{"a\r", std::string("\0b", 2)}));
}

TEST_F(LineReaderTest, KeepsOfALongLineWhatItIsToldAndSaysHowLongItIs) {
  EXPECT_EQ(lines_of("0123456789abc\nx\n"), (Lines{"012345678", "x"}));
  EXPECT_EQ(sizes_, (std::vector<std::uint64_t>{13, 1}));
}

TEST_F(LineReaderTest, PutsTogetherWhatIsReadInParts) {
  const std::string first(kPart - 2, 'a');
  const std::string second(2 * kPart + 5, 'b');
  EXPECT_EQ(lines_of(first + "\nlast of one\n" + second + "\nend", 4 * kPart),
            (Lines{first, "last of one", second, "end"}));
}

TEST_F(LineReaderTest, SeesALineFeedAtTheEdgesOfAPart) {
  for (const std::size_t size : {kPart - 1, kPart, kPart + 1}) {
    const std::string first(size, 'a');
    EXPECT_EQ(lines_of(first + "\n", 2 * kPart), Lines{first});
    EXPECT_EQ(lines_of(first + "\n\n", 2 * kPart), (Lines{first, ""}));
  }
}

TEST_F(LineReaderTest, FailsWhereTheFileWasCut) {
  const auto file = file_of(std::string(3 * kPart, 'a'));
  LineReader reader(*file, 9);
  ASSERT_EQ(::truncate((folder_ / "lines").c_str(), 100), 0);
  EXPECT_TRUE(fails_with(reader.next(), ErrorCode::unreadable, "lines"));
}

}  // namespace
}  // namespace keystone::cli
