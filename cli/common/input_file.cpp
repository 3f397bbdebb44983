// SPDX-License-Identifier: Apache-2.0
#include "common/input_file.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

constexpr std::size_t kChunk = std::size_t{128} << 10U;

tl::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::unreadable, path + ": " + why);
}

tl::unexpected<Error> unreadable(const std::string& path, int error) {
  return unreadable(path, std::string("cannot read: ") + std::strerror(error));
}

// An unnamed file in the folder for temporary files, or none and errno.
Descriptor open_temporary() {
  const char* const wanted = std::getenv("TMPDIR");
  const std::string folder = wanted == nullptr || *wanted == '\0' ? "/tmp" : wanted;
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) {
    return Descriptor(fd);
  }
  std::string name = folder + "/keystone-XXXXXX";  // a file system without O_TMPFILE
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) {
    (void)::unlink(name.c_str());
  }
  return Descriptor(named);
}

// As read(2) or pread(2) that no signal interrupts.
template <class Read>
ssize_t uninterrupted(Read read) {
  ssize_t count = 0;
  do {
    count = read();
  } while (count < 0 && errno == EINTR);
  return count;
}

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

InputFile::InputFile(std::string path, Descriptor file, Options options)
    : path_(std::move(path)), file_(std::move(file)), options_(options) {}

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path, Options options) {
  const bool is_stdin = path == "-";
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (options.regular_only ? O_NONBLOCK : 0);
  const int fd = is_stdin ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), flags);
  std::unique_ptr<InputFile> file(
      new InputFile(is_stdin ? "standard input" : path, Descriptor(fd), options));
  if (fd < 0) {
    return unreadable(file->path_, errno);
  }
  KEYSTONE_CHECK_OK(file->examine());
  if (options.fingerprint) {
    KEYSTONE_TRY(file->fingerprint_, Sha256::create());
  }
  if (options.progress != nullptr) {
    options.progress->expect(file->size_);
  }
  return file;
}

Status InputFile::examine() {
  if (::fstat(file_.get(), &at_open_) != 0) {
    return unreadable(path_, errno);
  }
  if (S_ISDIR(at_open_.st_mode)) {
    return unreadable(path_, "a directory, not a file");
  }
  if (options_.regular_only && !S_ISREG(at_open_.st_mode)) {
    return unreadable(path_, "a pipe or a device, not a file");
  }
  // Standard input may be a file of which somebody has read a part: then the rest is meant.
  const bool from_start = ::lseek(file_.get(), 0, SEEK_CUR) == 0;
  if (!S_ISREG(at_open_.st_mode) || !from_start) {
    KEYSTONE_CHECK_OK(spool());
  }
  size_ = narrow<std::uint64_t>(at_open_.st_size);
  if (size_ == 0) {
    return fail(ErrorCode::malformed, path_ + ": the file is empty",
                "a build that failed leaves such files");
  }
  return {};
}

Status InputFile::spool() {
  Descriptor temporary = open_temporary();
  if (!temporary.is_open()) {
    return fail(ErrorCode::unwritable,
                std::string("cannot make a temporary file: ") + std::strerror(errno));
  }
  std::vector<std::uint8_t> buffer(kChunk);
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t count =
        uninterrupted([&] { return ::read(file_.get(), buffer.data(), buffer.size()); });
    if (count < 0) {
      return unreadable(path_, errno);
    }
    if (count == 0) {
      break;
    }
    const auto bytes = ByteView(buffer).first(narrow<std::size_t>(count));
    total += bytes.size();
    if (total > options_.max_spooled) {
      return fail(
          ErrorCode::limit_exceeded,
          path_ + ": got more than " + std::to_string(options_.max_spooled) + " bytes from a pipe",
          "write them to a file and give that");
    }
    if (!temporary.write_all(bytes)) {
      return fail(ErrorCode::unwritable,
                  std::string("temporary file: cannot write: ") + std::strerror(errno));
    }
  }
  file_ = std::move(temporary);
  return ::fstat(file_.get(), &at_open_) == 0 ? Status() : unreadable(path_, errno);
}

Status InputFile::read_unseen(std::uint64_t offset, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t count = uninterrupted(
        [&] { return ::pread(file_.get(), out.data(), out.size(), narrow<off_t>(offset)); });
    if (count < 0) {
      return unreadable(path_, errno);
    }
    if (count == 0) {
      return unreadable(path_, "changed while it was read: it ends at byte " +
                                   std::to_string(offset) + " of " + std::to_string(size_));
    }
    offset += narrow<std::uint64_t>(count);
    out = out.subspan(narrow<std::size_t>(count));
  }
  return {};
}

Status InputFile::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  KEYSTONE_ASSERT(fits(offset, out.size(), size_));
  KEYSTONE_CHECK_OK(read_unseen(offset, out));
  if (fingerprint_ && offset <= fingerprinted_ && fingerprinted_ < offset + out.size()) {
    fingerprint_->update(ByteView(out).subspan(narrow<std::size_t>(fingerprinted_ - offset)));
    fingerprinted_ = offset + out.size();
  }
  if (options_.progress != nullptr) {
    options_.progress->advance(out.size());
  }
  return {};
}

Status InputFile::check_unchanged() const {
  struct stat now {};
  if (::fstat(file_.get(), &now) != 0) {
    return unreadable(path_, errno);
  }
  // The time of the last status change too: a writer can set the other one back.
  if (now.st_size != at_open_.st_size || !same_time(now.st_mtim, at_open_.st_mtim) ||
      !same_time(now.st_ctim, at_open_.st_ctim)) {
    return unreadable(path_, "changed while it was read");
  }
  return {};
}

Result<std::optional<FileDigest>> InputFile::finish() {
  std::vector<std::uint8_t> buffer(fingerprint_ ? kChunk : 0);
  while (fingerprint_ && fingerprinted_ < size_) {
    const auto count = std::min<std::uint64_t>(buffer.size(), size_ - fingerprinted_);
    KEYSTONE_CHECK_OK(read_at(fingerprinted_, std::span(buffer).first(narrow<std::size_t>(count))));
  }
  KEYSTONE_CHECK_OK(check_unchanged());
  if (!fingerprint_) {
    return std::optional<FileDigest>();
  }
  return std::optional(std::move(*fingerprint_).finish());
}

Result<std::unique_ptr<InputFile>> open_limited(const std::string& path, std::uint64_t most,
                                                Progress* progress) {
  auto opened = InputFile::open(path, {.progress = progress, .max_spooled = most});
  if (!opened) {
    Error problem = opened.error();
    if (problem.code == ErrorCode::limit_exceeded) {
      problem.hint.clear();  // a file of that size would be refused, too
    }
    return fail(std::move(problem));
  }
  if ((*opened)->size() > most) {
    return fail(ErrorCode::limit_exceeded, path + ": got " + std::to_string((*opened)->size()) +
                                               " bytes, want at most " + std::to_string(most));
  }
  return opened;
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::uint64_t most) {
  KEYSTONE_TRY(const auto file, open_limited(path, most));
  std::vector<std::uint8_t> bytes(narrow<std::size_t>(file->size()));
  KEYSTONE_CHECK_OK(file->read_at(0, bytes));
  KEYSTONE_CHECK_OK(file->finish());
  return bytes;
}

}  // namespace keystone::cli
