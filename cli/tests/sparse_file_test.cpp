// SPDX-License-Identifier: Apache-2.0
#include "common/sparse_file.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <array>
#include <csignal>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

namespace fs = std::filesystem;
using Names = std::set<std::string>;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMiB = std::size_t{1} << 20U;

ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string zeros(std::size_t size) {
  return std::string(size, '\0');
}

// Writes the parts one by one and commits.
Status write_parts(const std::string& path, const std::vector<std::string>& parts) {
  KEYSTONE_TRY(auto file, SparseFile::create(path));
  for (const std::string& part : parts) {
    KEYSTONE_CHECK_OK(file.append(view(part)));
  }
  return file.commit();
}

std::uint64_t bytes_on_disk(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

TEST(SparseFile, HoldsWhatWasAppended) {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> contents = {
      {},
      {""},
      {"short"},
      {std::string(kPage, 'a')},
      {"a", std::string(kPage, 'b'), "c"},
      {zeros(kPage)},
      {zeros(3 * kPage), "end"},
      {"start", zeros(3 * kPage)},  // ends in a hole
      {zeros(1), zeros(kPage - 1), zeros(kPage + 1), "x", zeros(2 * kPage)},
      {std::string(kPage, 'a') + zeros(kPage) + std::string(kPage, 'b') + zeros(kPage + 7)},
  };
  for (const auto& parts : contents) {
    std::string want;
    for (const std::string& part : parts) {
      want += part;
    }
    ASSERT_TRUE(write_parts(folder / "f", parts));
    EXPECT_EQ(content_of(folder / "f"), want);
  }
  EXPECT_EQ(folder.names(), Names{"f"});
}

TEST(SparseFile, TakesNoRoomForPagesOfZeros) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_parts(folder / "f", {"a", zeros(16 * kMiB), "b", zeros(16 * kMiB)}));
  EXPECT_EQ(fs::file_size(folder / "f"), 32 * kMiB + 2);
  EXPECT_LT(bytes_on_disk(folder / "f"), kMiB);
}

TEST(SparseFile, AppearsByItsCommitOnly) {
  const TemporaryFolder folder;
  folder.put("f", "before");
  auto file = SparseFile::create(folder / "f");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->append(view("after")));
  EXPECT_EQ(content_of(folder / "f"), "before");
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(content_of(folder / "f"), "after");
  EXPECT_EQ(folder.names(), Names{"f"});
}

TEST(SparseFile, LeavesNothingWithoutACommit) {
  const TemporaryFolder folder;
  folder.put("old", "before");
  for (const char* const name : {"old", "new"}) {
    auto file = SparseFile::create(folder / name);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append(view("half")));
    EXPECT_EQ(folder.names().size(), 2U);
    const SparseFile moved = *std::move(file);
  }
  EXPECT_EQ(folder.names(), Names{"old"});
  EXPECT_EQ(content_of(folder / "old"), "before");
}

TEST(SparseFile, FailsWhenItsFolderIsGone) {
  const TemporaryFolder folder;
  folder.put("in/f", "before");
  auto file = SparseFile::create(folder / "in/f");
  ASSERT_TRUE(file);
  fs::rename(folder / "in", folder / "out");
  EXPECT_TRUE(fails_with(file->commit(), ErrorCode::unwritable, "in/f: cannot write: "));
  EXPECT_EQ(content_of(folder / "out/f"), "before");
}

// The largest file that the process may write, which signals nobody while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit lower{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &lower), 0);
  }
  ~FileSizeLimit() {
    (void)::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(SparseFile, LeavesNothingWhenItMayNotGrow) {
  const TemporaryFolder folder;
  folder.put("f", "before");
  for (const std::vector<std::string>& parts :
       {std::vector{std::string(3 * kPage, 'x')}, std::vector{zeros(3 * kPage)}}) {
    const FileSizeLimit limit(2 * kPage);
    EXPECT_TRUE(fails_with(write_parts(folder / "f", parts), ErrorCode::unwritable,
                           "/f: cannot write: File too large"));
  }
  EXPECT_EQ(folder.names(), Names{"f"});
  EXPECT_EQ(content_of(folder / "f"), "before");
}

TEST(SparseFile, IsNotMadeWhereItCannotBe) {
  const TemporaryFolder folder;
  folder.put("file", "x");
  fs::create_symlink("nothing", folder / "dangling");
  fs::create_symlink("loop", folder / "loop");
  const Names before = folder.names();
  for (const char* const name : {"nowhere/f", "file/f", ".", "dangling", "loop"}) {
    EXPECT_TRUE(
        fails_with(SparseFile::create(folder / name), ErrorCode::unwritable, "cannot write: "))
        << name;
  }
  EXPECT_TRUE(fails_with(SparseFile::create(""), ErrorCode::unwritable));
  EXPECT_EQ(folder.names(), before);
}

TEST(SparseFile, FollowsLinksAndKeepsTheMode) {
  const TemporaryFolder folder;
  folder.put("in/f", "before");
  fs::permissions(folder / "in/f", fs::perms(0640));
  fs::create_symlink("in/f", folder / "link");
  ASSERT_TRUE(write_parts(folder / "link", {"after"}));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(content_of(folder / "in/f"), "after");
  EXPECT_EQ(fs::status(folder / "in/f").permissions(), fs::perms(0640));
  EXPECT_EQ(folder.names(), (Names{"in", "link"}));
}

TEST(SparseFile, PassesOverATemporaryFileThatAKilledRunLeft) {
  const TemporaryFolder folder;
  const std::string left = "f.tmp." + std::to_string(::getpid()) + ".0";
  folder.put(left, "left");
  ASSERT_TRUE(write_parts(folder / "f", {"content"}));
  EXPECT_EQ(content_of(folder / "f"), "content");
  EXPECT_EQ(content_of(folder / left), "left");
}

TEST(SparseFile, FailsOnAFullDevice) {
  const TemporaryFolder folder;
  EXPECT_TRUE(fails_with(write_parts("/dev/full", {"x"}), ErrorCode::unwritable,
                         "/dev/full: cannot write: No space left"));
  EXPECT_TRUE(fails_with(write_parts("/dev/full", {zeros(kPage)}), ErrorCode::unwritable));
}

TEST(SparseFile, WritesZerosIntoAPipe) {
  const TemporaryFolder folder;
  const std::string path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = content_of(path); });
  EXPECT_TRUE(write_parts(path, {"a", zeros(3 * kPage), "b"}));
  reader.join();
  EXPECT_EQ(got, "a" + zeros(3 * kPage) + "b");
  EXPECT_EQ(folder.names(), Names{"pipe"});
  EXPECT_TRUE(fs::is_fifo(path));
}

TEST(SparseFile, WritesIntoAFileThatHasNoNameAnyMore) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "longer than what comes");
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_TRUE(write_parts("/proc/self/fd/" + std::to_string(fd), {"short"}));
  std::array<char, 32> got{};
  EXPECT_EQ(::pread(fd, got.data(), got.size(), 0), 5);
  EXPECT_EQ(std::string(got.data()), "short");
  EXPECT_TRUE(folder.names().empty());
  (void)::close(fd);
}

}  // namespace
}  // namespace keystone::cli
