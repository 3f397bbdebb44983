// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_negatives.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <sys/stat.h>

namespace keystone::cli::attest {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;
using Names = std::set<std::string>;

const std::vector<NegativesFile> kFiles = {{"a", "1"}, {"b/c", std::string("\0x", 2)}, {"b/d", ""}};

void expect_files(const std::string& folder) {
  for (const NegativesFile& file : kFiles) {
    EXPECT_EQ(content_of(folder + "/" + file.name), file.content) << file.name;
  }
}

bool same(const std::vector<NegativesFile>& a, const std::vector<NegativesFile>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.name == other.name && one.content == other.content;
  });
}

TEST(NegativesFolder, IsOfTheSameBytesForTheSameSeedAlone) {
  const auto files = make_negatives({1}).value();
  EXPECT_TRUE(same(files, make_negatives({1}).value()));
  const auto others = make_negatives({2}).value();
  ASSERT_EQ(others.size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(files[i].name, others[i].name);
    EXPECT_EQ(files[i].content == others[i].content, files[i].name == "evidence/empty.bin")
        << files[i].name;
  }
  EXPECT_EQ(files.back().name, "manifest.json");
}

TEST(NegativesFolder, IsMadeWhereThereIsNone) {
  const TemporaryFolder folder;
  for (const char* const name : {"made", "slash/", "./dot/."}) {
    ASSERT_TRUE(write_negatives(folder / name, kFiles)) << name;
    expect_files(folder / name);
  }
  EXPECT_EQ(folder.names(), (Names{"made", "slash", "dot"}));
}

TEST(NegativesFolder, FillsAnEmptyOneAndLeavesItWhatItIs) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkdir((folder / "mine").c_str(), 0700), 0);
  std::filesystem::create_directory_symlink("mine", folder / "link");
  struct stat before {};
  ASSERT_EQ(::stat((folder / "mine").c_str(), &before), 0);
  ASSERT_TRUE(write_negatives(folder / "link", kFiles));
  expect_files(folder / "mine");
  struct stat after {};
  ASSERT_EQ(::stat((folder / "mine").c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_EQ(after.st_mode, before.st_mode);
}

TEST(NegativesFolder, RefusesWhatIsThereAlready) {
  const TemporaryFolder folder;
  (void)folder.put("full/file", "mine");
  (void)folder.put("file", "mine");
  std::filesystem::create_symlink("nowhere", folder / "link");
  for (const char* const name : {"full", "file", "link", "file/below"}) {
    EXPECT_TRUE(fails_with(write_negatives(folder / name, kFiles), ErrorCode::unwritable, name));
  }
  EXPECT_EQ(folder.names(), (Names{"full", "file", "link"}));
  EXPECT_EQ(content_of(folder / "full/file"), "mine");
  EXPECT_EQ(content_of(folder / "file"), "mine");
}

TEST(NegativesFolder, RefusesToMakeOneBelowNone) {
  const TemporaryFolder folder;
  EXPECT_TRUE(fails_with(write_negatives(folder / "none/made", kFiles), ErrorCode::unwritable,
                         "No such file"));
  EXPECT_EQ(folder.names(), Names{});
}

// A file that cannot be made, here since its name is taken, takes all others with it.
TEST(NegativesFolder, IsMadeWholeOrNotAtAll) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkdir((folder / "mine").c_str(), 0700), 0);
  auto files = kFiles;
  files.push_back({"a", "again"});
  EXPECT_TRUE(fails_with(write_negatives(folder / "made", files), ErrorCode::unwritable));
  EXPECT_TRUE(fails_with(write_negatives(folder / "mine", files), ErrorCode::unwritable));
  EXPECT_EQ(folder.names(), Names{"mine"});
  EXPECT_TRUE(std::filesystem::is_empty(folder / "mine"));
}

}  // namespace
}  // namespace keystone::cli::attest
