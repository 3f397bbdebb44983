// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/atomic_file.hpp"

#include "keystone/base/descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone {
namespace {

tl::unexpected<Error> unwritable(const std::string& path, int error) {
  return fail(ErrorCode::unwritable, path + ": cannot write: " + std::strerror(error));
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Status write_in_place(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open() || !file.write_all(bytes_of(content)) || !file.close()) {
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
    for (int attempt = 0; !file_.is_open() && attempt < 100; ++attempt) {
      name_ = target + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(attempt);
      constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
      file_ = Descriptor(::open(name_.c_str(), kFlags, kNewFileMode));
      if (!file_.is_open() && errno != EEXIST) {
        break;
      }
    }
    exists_ = file_.is_open();
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
    return file_.is_open() &&
           (replaced == nullptr || ::fchmod(file_.get(), replaced->st_mode & 07777U) == 0) &&
           file_.write_all(bytes_of(content)) && ::fsync(file_.get()) == 0 && file_.close();
  }

  [[nodiscard]] bool rename_to(const std::string& target) {
    exists_ = ::rename(name_.c_str(), target.c_str()) != 0;
    return !exists_;
  }

 private:
  std::string name_;
  Descriptor file_;
  bool exists_ = false;
};

void sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) {
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
