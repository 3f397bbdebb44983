// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/atomic_file.hpp"

#include "keystone/base/arithmetic.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone {
namespace {

tl::unexpected<Error> unwritable(const std::string& path, int error) {
  return fail(ErrorCode::unwritable, path + ": cannot write: " + std::strerror(error));
}

// Closes on every way out; close() tells whether the kernel took all of it.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { (void)close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  int close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 ? 0 : ::close(fd);
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    content.remove_prefix(narrow<std::size_t>(written));
  }
  return true;
}

Status write_in_place(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0 || !write_all(file.get(), content) || file.close() != 0) {
    return unwritable(path, errno);
  }
  return {};
}

// A temporary file beside its target, so that the rename stays in one file system. It is removed
// unless it was renamed into place.
class Temporary {
 public:
  explicit Temporary(const std::string& target) {
    constexpr mode_t kNewFileMode = 0666;  // less the umask, which the kernel applies
    for (int attempt = 0; fd_ < 0 && attempt < 100; ++attempt) {
      name_ = target + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(attempt);
      fd_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
      if (fd_ < 0 && errno != EEXIST) {
        break;
      }
    }
    exists_ = fd_ >= 0;
  }
  ~Temporary() {
    if (exists_) {
      (void)::unlink(name_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  // Whether all of it reached the disk, with the mode of the file it replaces, if there is one;
  // errno says why not.
  [[nodiscard]] bool fill(std::string_view content, const struct stat* replaced) {
    Descriptor file(std::exchange(fd_, -1));
    return file.get() >= 0 &&
           (replaced == nullptr || ::fchmod(file.get(), replaced->st_mode & 07777U) == 0) &&
           write_all(file.get(), content) && ::fsync(file.get()) == 0 && file.close() == 0;
  }

  [[nodiscard]] bool rename_to(const std::string& target) {
    exists_ = ::rename(name_.c_str(), target.c_str()) != 0;
    return !exists_;
  }

 private:
  std::string name_;
  int fd_ = -1;
  bool exists_ = false;
};

void sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) {
    (void)::fsync(directory.get());  // durability only; the content is in place either way
  }
}

// Where a rename must land: through symbolic links, so that a link stays one, also a link to a
// file that is not there yet.
std::string final_target(const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux, whose stat() the caller has asked before
  std::filesystem::path target = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code not_a_link;
    const auto next = std::filesystem::read_symlink(target, not_a_link);
    if (not_a_link) {
      break;
    }
    target = target.parent_path() / next;
  }
  return target;
}

bool is_same_file(const std::string& path, const struct stat& file) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && status.st_dev == file.st_dev &&
         status.st_ino == file.st_ino;
}

}  // namespace

Status write_file_atomically(const std::string& path, std::string_view content) {
  struct stat existing {};
  const bool exists = ::stat(path.c_str(), &existing) == 0;
  if (!exists && errno != ENOENT) {
    return unwritable(path, errno);
  }
  if (exists && S_ISDIR(existing.st_mode)) {
    return unwritable(path, EISDIR);
  }
  const std::string target = final_target(path);
  // A link in /proc may lead to a file that has no name any more (/dev/stdout, an unlinked file).
  if (exists && !(S_ISREG(existing.st_mode) && is_same_file(target, existing))) {
    return write_in_place(path, content);
  }
  Temporary temporary(target);
  if (!temporary.fill(content, exists ? &existing : nullptr) || !temporary.rename_to(target)) {
    return unwritable(path, errno);
  }
  sync_folder_of(target);
  return {};
}

}  // namespace keystone
