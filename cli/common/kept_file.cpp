// SPDX-License-Identifier: Apache-2.0
#include "common/kept_file.hpp"

#include "common/input_file.hpp"
#include "keystone/base/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

namespace keystone::cli {

namespace fs = std::filesystem;

Result<std::string> read_text(const std::string& path) {
  KEYSTONE_TRY(const auto bytes, read_file(path, kMaxKeptFile));
  return std::string(bytes.begin(), bytes.end());
}

bool is_there(const std::string& path) {
  std::error_code problem;
  return fs::exists(fs::symlink_status(path, problem));
}

Status write_kept(const std::string& path, std::string_view text) {
  std::error_code problem;
  if (fs::is_regular_file(path, problem)) {
    const auto old = read_text(path);
    if (old && *old == text) {
      return {};
    }
  }
  return write_file_atomically(path, text);
}

Result<fs::path> without_links(const fs::path& path) {
  std::error_code problem;
  const fs::path absolute = fs::absolute(path, problem);
  fs::path resolved = problem ? fs::path() : fs::weakly_canonical(absolute, problem);
  if (problem) {
    return fail(ErrorCode::unreadable, path.string() + ": " + problem.message());
  }
  return resolved;
}

Result<std::string> folder_of(const std::string& path) {
  KEYSTONE_TRY(const auto file, without_links(path));
  std::error_code problem;
  if (!fs::is_directory(file.parent_path(), problem)) {
    return fail(ErrorCode::unreadable,
                fs::path(path).parent_path().string() + ": there is no such folder");
  }
  return file.parent_path().string();
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
  FolderLock lock(Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!lock.folder_.is_open()) {
    return fail(ErrorCode::unreadable, folder + ": " + std::strerror(errno));
  }
  while (::flock(lock.folder_.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      return fail(ErrorCode::unwritable, folder + ": cannot lock: " + std::strerror(errno));
    }
  }
  return lock;
}

}  // namespace keystone::cli
