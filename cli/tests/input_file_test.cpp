// SPDX-License-Identifier: Apache-2.0
#include "common/input_file.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <array>
#include <random>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::mt19937 random(1);
  for (char& byte : bytes) {
    byte = static_cast<char>(random());
  }
  return bytes;
}

std::unique_ptr<InputFile> opened(const std::string& path, InputFile::Options options = {}) {
  auto file = InputFile::open(path, options);
  return file ? *std::move(file) : throw std::runtime_error(file.error().message);
}

Result<std::string> read(const InputFile& file, std::uint64_t offset, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  KEYSTONE_CHECK_OK(file.read_at(offset, bytes));
  return std::string(bytes.begin(), bytes.end());
}

FileDigest sha256(std::string_view text) {
  auto hash = Sha256::create();
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  hash->update(bytes);
  return std::move(*hash).finish();
}

FileDigest finished(InputFile& file) {
  const auto digest = file.finish();
  return digest ? digest->value() : throw std::runtime_error(digest.error().message);
}

void append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

// As a write at another time would leave it, without waiting for that time.
void touch(const std::string& path) {
  constexpr timespec kLongAgo = {1'000'000'000, 1};
  const std::array<timespec, 2> times = {kLongAgo, kLongAgo};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
}

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

// Something to read from that is no regular file, with `content` and its end in it.
class Pipe {
 public:
  explicit Pipe(std::string content) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    writer_ = std::thread([fd = ends_[1], text = std::move(content)] {
      std::string_view rest = text;
      while (!rest.empty()) {
        const ssize_t count = ::write(fd, rest.data(), rest.size());
        if (count < 0) {
          break;  // the reader has gone
        }
        rest.remove_prefix(static_cast<std::size_t>(count));
      }
      (void)::close(fd);
    });
  }
  ~Pipe() {
    (void)::close(ends_[0]);
    writer_.join();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(ends_[0]); }

 private:
  std::array<int, 2> ends_{};
  std::thread writer_;
};

TEST(InputFile, ReadsAnyPlaceOfAFile) {
  const TemporaryFolder folder;
  const std::string bytes = some_bytes(300'000);
  const auto file = opened(folder.put("f", bytes));
  EXPECT_EQ(file->size(), bytes.size());
  EXPECT_EQ(read(*file, 0, bytes.size()), bytes);
  EXPECT_EQ(read(*file, 131'071, 3), bytes.substr(131'071, 3));
  EXPECT_EQ(read(*file, bytes.size() - 1, 1), bytes.substr(bytes.size() - 1));
  EXPECT_EQ(read(*file, bytes.size(), 0), "");
  EXPECT_EQ(file->finish(), std::nullopt);
}

TEST(InputFile, RefusesWhatCannotBeMeasured) {
  const TemporaryFolder folder;
  const auto open = [](const std::string& path) { return InputFile::open(path, {}); };
  EXPECT_TRUE(fails_with(open(folder / "nothing"), ErrorCode::unreadable, folder / "nothing"));
  EXPECT_TRUE(fails_with(open(folder.path()), ErrorCode::unreadable, "a directory"));
  EXPECT_TRUE(fails_with(open(folder.put("empty", "")), ErrorCode::malformed, "empty"));
  EXPECT_TRUE(fails_with(open(""), ErrorCode::unreadable));
}

TEST(InputFile, CutWhileItIsReadIsAnErrorAndNoSignal) {
  const TemporaryFolder folder;
  for (const std::uint64_t left : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4096}}) {
    const std::string path = folder.put("f", some_bytes(9000));
    const auto file = opened(path, {true, nullptr});
    ASSERT_TRUE(read(*file, 0, 100));
    std::filesystem::resize_file(path, left);
    EXPECT_EQ(file->size(), 9000U);
    const auto rest = read(*file, 100, 8900);
    EXPECT_TRUE(fails_with(rest, ErrorCode::unreadable, path + ": changed while it was read"));
    EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed while it was read"));
  }
}

TEST(InputFile, CutAfterTheLastReadIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", some_bytes(9000));
  const auto file = opened(path);
  ASSERT_TRUE(read(*file, 0, 9000));
  std::filesystem::resize_file(path, 8999);
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed while it was read"));
}

TEST(InputFile, GrowingWhileItIsReadIsAnError) {
  const TemporaryFolder folder;
  const std::string bytes = some_bytes(9000);
  const std::string path = folder.put("f", bytes);
  const auto file = opened(path, {true, nullptr});
  append(path, "more");
  EXPECT_EQ(file->size(), 9000U);
  EXPECT_EQ(read(*file, 0, 9000), bytes);
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed while it was read"));
}

TEST(InputFile, GrowingIsAnErrorEvenIfItsTimeIsSetBack) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", some_bytes(9000));
  touch(path);
  const auto file = opened(path);
  append(path, "more");
  touch(path);
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed while it was read"));
}

TEST(InputFile, RewrittenWithTheSameSizeIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", some_bytes(9000));
  const auto file = opened(path);
  folder.put("f", std::string(9000, 'x'));
  touch(path);
  ASSERT_TRUE(read(*file, 0, 9000));
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed while it was read"));
}

TEST(InputFile, ReplacedUnderItsNameIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "the old one");
  const auto file = opened(path, {true, nullptr});
  std::filesystem::rename(folder.put("g", "another"), path);
  EXPECT_EQ(read(*file, 4, 3), "old");
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed"));
}

TEST(InputFile, RewrittenAndDatedBackIsAnError) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "the old one");
  const auto before = std::filesystem::last_write_time(path);
  const auto file = opened(path, {true, nullptr});
  folder.put("f", "the new one");
  std::filesystem::last_write_time(path, before);
  EXPECT_TRUE(fails_with(file->finish(), ErrorCode::unreadable, "changed"));
}

TEST(InputFile, ThatMustBeAFileIsNoPipe) {
  const TemporaryFolder folder;
  const std::string path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_TRUE(fails_with(InputFile::open(path, {.regular_only = true}), ErrorCode::unreadable,
                         "pipe: a pipe or a device"));
}

TEST(InputFile, FingerprintIsThatOfTheWholeFileHoweverItIsRead) {
  const TemporaryFolder folder;
  const std::string bytes = some_bytes(400'000);
  const std::string path = folder.put("f", bytes);
  using Reads = std::vector<std::pair<std::uint64_t, std::size_t>>;
  const std::vector<Reads> ways = {
      {},
      {{0, 400'000}},
      {{0, 1}, {1, 399'999}},
      {{399'999, 1}, {0, 4}, {200'000, 10}, {2, 100'000}, {50'000, 100'000}, {0, 400'000}},
      {{4, 100}},
  };
  for (const Reads& reads : ways) {
    const auto file = opened(path, {true, nullptr});
    for (const auto& [offset, size] : reads) {
      EXPECT_EQ(read(*file, offset, size), bytes.substr(offset, size));
    }
    EXPECT_EQ(finished(*file), sha256(bytes));
  }
  const auto abc = opened(folder.put("abc", "abc"), {true, nullptr});  // FIPS 180-4's example
  EXPECT_EQ(finished(*abc).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(InputFile, ReadsAPipeAsAFile) {
  const std::string bytes = some_bytes(1'000'000);
  const Pipe pipe(bytes);
  const auto file = opened(pipe.path(), {true, nullptr});
  EXPECT_EQ(file->size(), bytes.size());
  EXPECT_EQ(read(*file, 999'000, 1000), bytes.substr(999'000));
  EXPECT_EQ(read(*file, 0, 1000), bytes.substr(0, 1000));
  EXPECT_EQ(finished(*file), sha256(bytes));
}

TEST(InputFile, TakesNoMoreFromAPipeThanItsBound) {
  InputFile::Options options;
  options.max_spooled = 500'000;
  const Pipe fits(some_bytes(500'000));
  EXPECT_EQ(opened(fits.path(), options)->size(), 500'000U);
  const Pipe one_more(some_bytes(500'001));
  EXPECT_TRUE(fails_with(InputFile::open(one_more.path(), options), ErrorCode::limit_exceeded,
                         "more than 500000 bytes"));
}

TEST(InputFile, RefusesAPipeThatGivesNothing) {
  const Pipe pipe("");
  EXPECT_TRUE(fails_with(InputFile::open(pipe.path(), {}), ErrorCode::malformed, "empty"));
}

TEST(ReadFile, IsAllOfAFileOrAPipeUpToItsBound) {
  const TemporaryFolder folder;
  const std::string bytes = some_bytes(500'000);
  const std::vector<std::uint8_t> want(bytes.begin(), bytes.end());
  EXPECT_EQ(read_file(folder.put("f", bytes), 500'000), want);
  EXPECT_EQ(read_file(Pipe(bytes).path(), 500'000), want);
}

TEST(ReadFile, RefusesWhatIsLongerWithoutAHintThatDoesNotHelp) {
  const TemporaryFolder folder;
  const auto file = read_file(folder.put("f", some_bytes(501)), 500);
  EXPECT_TRUE(fails_with(file, ErrorCode::limit_exceeded, "got 501 bytes, want at most 500"));
  const auto pipe = read_file(Pipe(some_bytes(501)).path(), 500);
  ASSERT_TRUE(fails_with(pipe, ErrorCode::limit_exceeded, "more than 500 bytes"));
  EXPECT_EQ(pipe.error().hint, "");
  EXPECT_TRUE(fails_with(read_file("/dev/zero", 500), ErrorCode::limit_exceeded));
}

TEST(InputFile, ClosesWhatItOpened) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "content");
  const std::string empty = folder.put("empty", "");
  const auto before = open_descriptors();
  (void)opened(path);
  (void)opened(Pipe("content").path());
  (void)InputFile::open(empty, {});
  (void)InputFile::open(folder.path(), {});
  (void)InputFile::open(folder / "nothing", {});
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace keystone::cli
