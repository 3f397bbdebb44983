// SPDX-License-Identifier: Apache-2.0
#include "common/sparse_file.hpp"

#include "common/kept_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

constexpr std::size_t kPage = 4096;  // what file systems leave out, at least

tl::unexpected<Error> unwritable(const std::string& shown, int error) {
  return fail(ErrorCode::unwritable, shown + ": cannot write: " + std::strerror(error));
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

Result<SparseFile> SparseFile::create(const std::string& path) {
  if (path == "-") {
    return to_stdout();
  }
  struct stat existing {};
  const bool exists = ::stat(path.c_str(), &existing) == 0;
  if (!exists && errno != ENOENT) {
    return unwritable(path, errno);
  }
  if (exists && !S_ISREG(existing.st_mode)) {
    return in_place(path);
  }
  const auto target = without_links(path);
  std::error_code problem;
  // A link in /proc may lead to a file that has no name any more.
  if (exists && !(target && std::filesystem::equivalent(path, *target, problem))) {
    return in_place(path);
  }
  if (!target || std::filesystem::is_symlink(*target, problem)) {
    return unwritable(path, ENOENT);
  }
  KEYSTONE_TRY(auto file, beside(path, target->string()));
  if (exists && ::fchmod(file.file_.get(), existing.st_mode & 07777U) != 0) {
    return unwritable(path, errno);
  }
  return file;
}

Result<SparseFile> SparseFile::to_stdout() {
  SparseFile file("standard output");
  file.file_ = Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!file.file_.is_open()) {
    return unwritable(file.shown_, errno);
  }
  return file;
}

Result<SparseFile> SparseFile::in_place(const std::string& path) {
  SparseFile file(path);
  file.file_ = Descriptor(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (!file.file_.is_open()) {
    return unwritable(path, errno);
  }
  return file;
}

Result<SparseFile> SparseFile::beside(const std::string& path, std::string target) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  constexpr mode_t kNewFileMode = 0666;  // less the umask, which the kernel applies
  constexpr int kAttempts = 100;         // a killed run may have left its temporary file
  SparseFile file(path);
  file.target_ = std::move(target);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string name =
        file.target_ + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(attempt);
    file.file_ = Descriptor(::open(name.c_str(), kFlags, kNewFileMode));
    if (file.file_.is_open()) {
      file.temporary_ = name;
      return file;
    }
    if (errno != EEXIST) {
      break;
    }
  }
  return unwritable(path, errno);
}

SparseFile::~SparseFile() {
  if (!temporary_.empty()) {
    (void)::unlink(temporary_.c_str());
  }
}

SparseFile::SparseFile(SparseFile&& other) noexcept
    : shown_(std::move(other.shown_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::move(other.file_)),
      size_(other.size_) {}

bool SparseFile::skip_page() {
  return ::lseek(file_.get(), static_cast<off_t>(kPage), SEEK_CUR) >= 0;
}

Status SparseFile::append(ByteView bytes) {
  while (!bytes.empty()) {
    const auto count = std::min<std::size_t>(kPage - size_ % kPage, bytes.size());
    const ByteView part = bytes.first(count);
    const bool is_hole = !temporary_.empty() && count == kPage && is_zero(part);
    if (!(is_hole ? skip_page() : file_.write_all(part))) {
      return unwritable(shown_, errno);
    }
    size_ += count;
    bytes = bytes.subspan(count);
  }
  return {};
}

Status SparseFile::commit() {
  if (temporary_.empty()) {
    return file_.close() ? Status() : Status(unwritable(shown_, errno));
  }
  // A hole at the end is not part of the file before its size says so.
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) != 0 || ::fsync(file_.get()) != 0 ||
      !file_.close() || ::rename(temporary_.c_str(), target_.c_str()) != 0) {
    return unwritable(shown_, errno);
  }
  temporary_.clear();
  return {};
}

}  // namespace keystone::cli
