// SPDX-License-Identifier: Apache-2.0
#include "common/kept_file.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

// A file format for these tests: everything but `bad` is well.
Result<std::string> parse(std::string_view text) {
  if (text == "bad") {
    return fail(ErrorCode::malformed, "got 'bad'");
  }
  return std::string(text);
}

TEST(KeptFile, IsReadByItsParserAndNamedInItsErrors) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_kept(folder.put("f", "good"), parse), "good");
  EXPECT_TRUE(
      fails_with(read_kept(folder.put("g", "bad"), parse), ErrorCode::malformed, "/g: got 'bad'"));
  EXPECT_TRUE(fails_with(read_kept(folder / "h", parse), ErrorCode::unreadable, "/h: "));
}

TEST(KeptFile, IsEmptyOnlyWhereNothingHasItsName) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_kept_or_new(folder / "f", parse), "");
  fs::create_symlink("nothing", folder / "dangling");
  EXPECT_TRUE(fails_with(read_kept_or_new(folder / "dangling", parse), ErrorCode::unreadable));
  EXPECT_TRUE(fails_with(read_kept_or_new(folder.path(), parse), ErrorCode::unreadable));
  EXPECT_TRUE(fails_with(read_kept_or_new(folder.put("g", "bad"), parse), ErrorCode::malformed));
}

TEST(KeptFile, IsNotReadBeyondItsBound) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "");
  fs::resize_file(path, kMaxKeptFile + 1);
  EXPECT_TRUE(fails_with(read_text(path), ErrorCode::limit_exceeded, "want at most 16777216"));
}

TEST(KeptFile, IsNotTouchedByWritingWhatIsThere) {
  const TemporaryFolder folder;
  const std::string path = folder / "f";
  ASSERT_TRUE(write_kept(path, "content"));
  struct stat before {};
  struct stat after {};
  ASSERT_EQ(::stat(path.c_str(), &before), 0);
  ASSERT_TRUE(write_kept(path, "content"));
  ASSERT_EQ(::stat(path.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  ASSERT_TRUE(write_kept(path, "other"));
  EXPECT_EQ(content_of(path), "other");
  EXPECT_TRUE(fails_with(write_kept(folder / "nowhere/f", "x"), ErrorCode::unwritable));
}

TEST(KeptFile, LiesInTheFolderThatItsLinkLeadsTo) {
  const TemporaryFolder folder;
  folder.put("in/f", "content");
  fs::create_symlink("in/f", folder / "link");
  EXPECT_EQ(folder_of(folder / "link"), folder / "in");
  EXPECT_EQ(folder_of(folder / "new"), folder.path());
  EXPECT_TRUE(fails_with(folder_of(folder / "nowhere/f"), ErrorCode::unreadable, "nowhere"));
}

TEST(FolderLock, KeepsOthersOutWhileItLives) {
  const TemporaryFolder folder;
  const auto another_gets_in = [&] {
    const int fd = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
    (void)::close(fd);
    return locked;
  };
  {
    auto lock = FolderLock::take(folder.path());
    ASSERT_TRUE(lock);
    EXPECT_FALSE(another_gets_in());
    const FolderLock moved = *std::move(lock);
    EXPECT_FALSE(another_gets_in());
  }
  EXPECT_TRUE(another_gets_in());
  EXPECT_TRUE(fails_with(FolderLock::take(folder / "nowhere"), ErrorCode::unreadable));
}

}  // namespace
}  // namespace keystone::cli
