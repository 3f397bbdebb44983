// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_place.hpp"

#include "common/input_file.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/atomic_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace keystone::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxGoldenFile = std::uint64_t{16} << 20U;  // bytes

constexpr std::string_view kOutsideHint = "--allow-outside lets inputs lie outside the folder";

bool is_below(const fs::path& folder, const fs::path& path) {
  const auto [in_folder, in_path] =
      std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return in_folder == folder.end();
}

// `path` without symbolic links and dots, as far as it exists.
Result<fs::path> without_links(const fs::path& path) {
  std::error_code problem;
  const fs::path absolute = fs::absolute(path, problem);
  fs::path resolved = problem ? fs::path() : fs::weakly_canonical(absolute, problem);
  if (problem) {
    return fail(ErrorCode::unreadable, path.string() + ": " + problem.message());
  }
  return resolved;
}

// `path` from the root on, with the links that it names.
fs::path as_spelt(const fs::path& path) {
  std::error_code problem;
  return fs::absolute(path, problem).lexically_normal();
}

Result<std::string> read_text(const std::string& path) {
  KEYSTONE_TRY(const auto file, InputFile::open(path, {.max_spooled = kMaxGoldenFile}));
  if (file->size() > kMaxGoldenFile) {
    return fail(ErrorCode::limit_exceeded, path + ": got " + std::to_string(file->size()) +
                                               " bytes, want at most " +
                                               std::to_string(kMaxGoldenFile));
  }
  std::vector<std::uint8_t> bytes(narrow<std::size_t>(file->size()));
  KEYSTONE_CHECK_OK(file->read_at(0, bytes));
  KEYSTONE_CHECK_OK(file->finish());
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

Result<GoldenPlace> GoldenPlace::of(const std::string& path, bool allow_outside) {
  // A golden file that is a link is the file that it leads to: there, too, it is written.
  KEYSTONE_TRY(const auto file, without_links(path));
  std::error_code problem;
  if (!fs::is_directory(file.parent_path(), problem)) {
    return fail(ErrorCode::unreadable,
                fs::path(path).parent_path().string() + ": there is no such folder");
  }
  return GoldenPlace(file.parent_path().string(), as_spelt(path).parent_path().string(),
                     allow_outside);
}

Result<std::string> GoldenPlace::resolve(const std::string& relative) const {
  KEYSTONE_TRY(const auto resolved, without_links(fs::path(folder_) / relative));
  if (!allow_outside_ && !is_below(folder_, resolved)) {
    return fail(ErrorCode::malformed, relative + ": leads out of the golden file's folder",
                std::string(kOutsideHint));
  }
  return resolved.string();
}

Result<std::string> GoldenPlace::relative_to_folder(const std::string& path) const {
  if (path == "-") {
    return fail(ErrorCode::usage, "a golden file names its inputs: standard input has no path");
  }
  KEYSTONE_TRY(const auto resolved, without_links(path));
  if (!allow_outside_ && !is_below(folder_, resolved)) {
    return fail(ErrorCode::usage, path + ": lies outside the golden file's folder " + folder_,
                std::string(kOutsideHint));
  }
  // A link is recorded by its own name, so that a check follows it to where it leads then; but no
  // path leaves the folder for a file in it.
  for (const std::string& start : {folder_as_spelt_, folder_}) {
    const fs::path relative = as_spelt(path).lexically_relative(start);
    const bool leaves = relative.empty() || *relative.begin() == "..";
    KEYSTONE_TRY(const auto found, without_links(fs::path(folder_) / relative));
    if (found == resolved && !(leaves && is_below(folder_, resolved))) {
      return relative.generic_string();
    }
  }
  return resolved.lexically_relative(folder_).generic_string();
}

Result<GoldenFile> read_golden(const std::string& path) {
  KEYSTONE_TRY(const auto text, read_text(path));
  auto golden = GoldenFile::parse(text);
  return golden ? std::move(golden) : Result<GoldenFile>(fail(golden.error().within(path)));
}

Result<GoldenFile> read_golden_or_new(const std::string& path) {
  std::error_code problem;
  const bool is_there = fs::exists(fs::symlink_status(path, problem));
  return is_there ? read_golden(path) : GoldenFile{};
}

Status write_golden(const std::string& path, const GoldenFile& golden) {
  if (path == "-") {
    return fail(ErrorCode::usage, "a golden file that is changed needs a path, not standard input");
  }
  KEYSTONE_TRY(const auto text, golden.serialize());
  std::error_code problem;
  if (fs::is_regular_file(path, problem)) {
    const auto old = read_text(path);
    if (old && *old == text) {
      return {};
    }
  }
  return write_file_atomically(path, text);
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
