// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/atomic_file.hpp"

#include "fails_with.hpp"
#include "file_mode.hpp"
#include <keystone/testing/files.hpp>

#include <csignal>
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone {
namespace {

using testing::content_of;
using testing::mode_of;
using testing::put;
using testing::TemporaryFolder;

using Names = std::set<std::string>;

class AtomicFile : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

// The name that the `attempt`th temporary file of this process has.
std::string temporary_name(const std::string& target, int attempt) {
  return target + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(attempt);
}

// Files end at `bytes` while this lives: the write that crosses the line is short, the next fails.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    (void)::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    (void)::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    (void)::setrlimit(RLIMIT_FSIZE, &old_);
    (void)std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

TEST_F(AtomicFile, CreatesAFile) {
  const std::string content("bytes\0\n\xff", 8);
  ASSERT_TRUE(write_file_atomically(folder_ / "new", content));
  EXPECT_EQ(content_of(folder_ / "new"), content);
  EXPECT_EQ(folder_.names(), Names{"new"});
}

TEST_F(AtomicFile, CreatesAnEmptyFile) {
  ASSERT_TRUE(write_file_atomically(folder_ / "new", ""));
  EXPECT_EQ(content_of(folder_ / "new"), "");
}

TEST_F(AtomicFile, CreatesAFileWithTheModeOfTheUmask) {
  const mode_t old = ::umask(027);
  const auto status = write_file_atomically(folder_ / "new", "x");
  (void)::umask(old);
  ASSERT_TRUE(status);
  EXPECT_EQ(mode_of(folder_ / "new"), mode_t{S_IFREG | 0640U});
}

TEST_F(AtomicFile, ReplacesAFile) {
  put(folder_ / "file", "the old content, longer");
  ASSERT_TRUE(write_file_atomically(folder_ / "file", "new"));
  EXPECT_EQ(content_of(folder_ / "file"), "new");
  EXPECT_EQ(folder_.names(), Names{"file"});
}

TEST_F(AtomicFile, LeavesWhoeverReadsTheOldFileWithTheOldFile) {
  put(folder_ / "file", "old");
  std::ifstream reader(folder_ / "file");
  ASSERT_TRUE(write_file_atomically(folder_ / "file", "new"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
}

TEST_F(AtomicFile, KeepsTheModeOfAnExistingFile) {
  for (const mode_t mode : {0600U, 0444U, 0755U, 0666U}) {
    put(folder_ / "file", "old");
    ASSERT_EQ(::chmod((folder_ / "file").c_str(), mode), 0);
    ASSERT_TRUE(write_file_atomically(folder_ / "file", "new"));
    EXPECT_EQ(mode_of(folder_ / "file"), mode_t{S_IFREG | mode});
    ASSERT_EQ(::unlink((folder_ / "file").c_str()), 0);
  }
}

TEST_F(AtomicFile, WritesAFileOfTheCurrentFolder) {
  const auto old = std::filesystem::current_path();
  std::filesystem::current_path(folder_ / "");
  const auto status = write_file_atomically("plain-name", "x");
  std::filesystem::current_path(old);
  ASSERT_TRUE(status);
  EXPECT_EQ(folder_.names(), Names{"plain-name"});
}

// --- failures ----------------------------------------------------------------------------------

TEST_F(AtomicFile, FailsWhereTheFolderIsMissing) {
  EXPECT_TRUE(fails_with(write_file_atomically(folder_ / "no/file", "x"), ErrorCode::unwritable,
                         {"no/file: ", "No such file"}));
  EXPECT_TRUE(folder_.names().empty());
}

TEST_F(AtomicFile, FailsWhereAFileStandsForTheFolder) {
  put(folder_ / "file", "old");
  EXPECT_TRUE(fails_with(write_file_atomically(folder_ / "file/x", "x"), ErrorCode::unwritable));
  EXPECT_EQ(content_of(folder_ / "file"), "old");
}

TEST_F(AtomicFile, FailsForADirectory) {
  std::filesystem::create_directory(folder_ / "sub");
  EXPECT_TRUE(fails_with(write_file_atomically(folder_ / "sub", "x"), ErrorCode::unwritable,
                         {"Is a directory"}));
  EXPECT_EQ(folder_.names(), Names{"sub"});
}

TEST_F(AtomicFile, FailsForNoName) {
  const auto old = std::filesystem::current_path();
  std::filesystem::current_path(folder_ / "");
  const auto status = write_file_atomically("", "x");
  std::filesystem::current_path(old);
  EXPECT_TRUE(fails_with(status, ErrorCode::unwritable));
  EXPECT_TRUE(folder_.names().empty());
}

// Without root's right to write anywhere, while it lives; another user's files are left as they
// are.
class WithoutRoot {
 public:
  WithoutRoot() {
    constexpr uid_t kNobody = 65534;
    if (was_root_ && ::seteuid(kNobody) != 0) {
      throw std::runtime_error("cannot give up root");
    }
  }
  ~WithoutRoot() {
    if (was_root_ && ::seteuid(0) != 0) {
      std::abort();
    }
  }
  WithoutRoot(const WithoutRoot&) = delete;
  WithoutRoot& operator=(const WithoutRoot&) = delete;

 private:
  bool was_root_ = ::geteuid() == 0;
};

TEST_F(AtomicFile, FailsInAFolderThatMayNotBeWritten) {
  put(folder_ / "file", "old");
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
  const auto status = [&] {
    const WithoutRoot plain;
    return write_file_atomically(folder_ / "file", "new");
  }();
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
  EXPECT_TRUE(fails_with(status, ErrorCode::unwritable, {"Permission denied"}));
  EXPECT_EQ(content_of(folder_ / "file"), "old");
  EXPECT_EQ(folder_.names(), Names{"file"});
}

TEST_F(AtomicFile, KeepsTheOldContentWhenAWriteFallsShort) {
  put(folder_ / "file", "old");
  const auto write = [&](const std::string& path) {
    const FileSizeLimit limit(1000);
    return write_file_atomically(path, std::string(5000, 'x'));
  };
  EXPECT_TRUE(fails_with(write(folder_ / "file"), ErrorCode::unwritable, {"too large"}));
  EXPECT_TRUE(fails_with(write(folder_ / "new"), ErrorCode::unwritable, {"too large"}));
  EXPECT_EQ(content_of(folder_ / "file"), "old");
  EXPECT_EQ(folder_.names(), Names{"file"});
}

// --- temporary names ---------------------------------------------------------------------------

TEST_F(AtomicFile, LeavesAStaleTemporaryFileAlone) {
  const std::string stale = temporary_name(folder_ / "file", 0);
  put(stale, "not ours");
  ASSERT_TRUE(write_file_atomically(folder_ / "file", "new"));
  EXPECT_EQ(content_of(folder_ / "file"), "new");
  EXPECT_EQ(content_of(stale), "not ours");
  EXPECT_EQ(folder_.names().size(), 2U);
}

TEST_F(AtomicFile, DoesNotFollowALinkThatWaitsAtATemporaryName) {
  put(folder_ / "victim", "untouched");
  std::filesystem::create_symlink("victim", temporary_name(folder_ / "file", 0));
  ASSERT_TRUE(write_file_atomically(folder_ / "file", "new"));
  EXPECT_EQ(content_of(folder_ / "victim"), "untouched");
  EXPECT_EQ(content_of(folder_ / "file"), "new");
}

TEST_F(AtomicFile, FailsWhenEveryTemporaryNameIsTaken) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    put(temporary_name(folder_ / "file", attempt), "not ours");
  }
  EXPECT_TRUE(fails_with(write_file_atomically(folder_ / "file", "new"), ErrorCode::unwritable));
  EXPECT_EQ(folder_.names().size(), 100U);
}

}  // namespace
}  // namespace keystone
