// SPDX-License-Identifier: Apache-2.0
// Targets that are not plain files.
#include "fails_with.hpp"
#include "file_mode.hpp"
#include "keystone/base/atomic_file.hpp"
#include <keystone/testing/files.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone {
namespace {

using testing::content_of;
using testing::mode_of;
using testing::put;
using testing::TemporaryFolder;

using Names = std::set<std::string>;

class AtomicFileThrough : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(AtomicFileThrough, WritesThroughASymbolicLink) {
  std::filesystem::create_directory(folder_ / "sub");
  put(folder_ / "sub/file", "old");
  std::filesystem::create_symlink("sub/file", folder_ / "middle");
  std::filesystem::create_symlink(folder_ / "middle", folder_ / "link");
  std::ifstream reader(folder_ / "sub/file");
  ASSERT_TRUE(write_file_atomically(folder_ / "link", "new"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "middle"));
  EXPECT_EQ(mode_of(folder_ / "sub/file") & S_IFMT, mode_t{S_IFREG});
  EXPECT_EQ(content_of(folder_ / "sub/file"), "new");
}

TEST_F(AtomicFileThrough, CreatesTheFileThatALinkNames) {
  std::filesystem::create_symlink("later", folder_ / "link");
  ASSERT_TRUE(write_file_atomically(folder_ / "link", "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_EQ(content_of(folder_ / "later"), "new");
  EXPECT_EQ(folder_.names(), (Names{"later", "link"}));
}

TEST_F(AtomicFileThrough, RefusesALinkToItself) {
  std::filesystem::create_symlink("loop", folder_ / "loop");
  EXPECT_TRUE(fails_with(write_file_atomically(folder_ / "loop", "x"), ErrorCode::unwritable));
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "loop"));
  EXPECT_EQ(folder_.names(), Names{"loop"});
}

TEST_F(AtomicFileThrough, WritesInPlaceWhereTheFileHasNoNameAnyMore) {
  const std::string path = folder_ / "unlinked";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::write(fd, "longer old text", 15), 15);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(fd), folder_ / "link");
  const auto status = write_file_atomically(folder_ / "link", "new");
  std::string got(64, '\0');
  const ssize_t size = ::pread(fd, got.data(), got.size(), 0);
  (void)::close(fd);
  ASSERT_TRUE(status);
  ASSERT_EQ(size, 3);
  EXPECT_EQ(got.substr(0, 3), "new");
  EXPECT_EQ(folder_.names(), Names{"link"});
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
}

TEST_F(AtomicFileThrough, WritesIntoAPipe) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const int reader = ::open((folder_ / "pipe").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  const auto status = write_file_atomically(folder_ / "pipe", "through");
  std::string got(64, '\0');
  const ssize_t size = ::read(reader, got.data(), got.size());
  (void)::close(reader);
  ASSERT_TRUE(status);
  ASSERT_EQ(size, 7);
  EXPECT_EQ(got.substr(0, 7), "through");
  EXPECT_EQ(mode_of(folder_ / "pipe"), mode_t{S_IFIFO | 0600U});
  EXPECT_EQ(folder_.names(), Names{"pipe"});
}

TEST_F(AtomicFileThrough, WritesToADeviceAsItIs) {
  ASSERT_TRUE(write_file_atomically("/dev/null", "gone"));
  EXPECT_EQ(mode_of("/dev/null") & S_IFMT, mode_t{S_IFCHR});
  std::filesystem::create_symlink("/dev/null", folder_ / "link");
  ASSERT_TRUE(write_file_atomically(folder_ / "link", "gone"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
}

TEST_F(AtomicFileThrough, FailsForADeviceThatTakesNothing) {
  EXPECT_TRUE(fails_with(write_file_atomically("/dev/full", "x"), ErrorCode::unwritable,
                         {"/dev/full: ", "No space left"}));
  EXPECT_EQ(mode_of("/dev/full") & S_IFMT, mode_t{S_IFCHR});
}

}  // namespace
}  // namespace keystone
