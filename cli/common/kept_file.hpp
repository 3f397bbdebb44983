// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

// Text files that the programs keep up to date: golden files and policies. Whoever changes one
// takes the lock of its folder, reads it, and writes it as a whole.
namespace keystone::cli {

inline constexpr std::uint64_t kMaxKeptFile = std::uint64_t{16} << 20U;  // bytes

// The text of the file at `path`; `-` is standard input. Fails as read_file() does.
[[nodiscard]] Result<std::string> read_text(const std::string& path);

// Whether anything has that name, be it a link that leads nowhere.
[[nodiscard]] bool is_there(const std::string& path);

// What `parse` makes of the text at `path`; messages name the path.
template <class Value>
[[nodiscard]] Result<Value> read_kept(const std::string& path,
                                      Result<Value> (*parse)(std::string_view)) {
  KEYSTONE_TRY(const auto text, read_text(path));
  auto value = parse(text);
  return value ? std::move(value) : Result<Value>(fail(value.error().within(path)));
}

// As read_kept(), but a default value where no file is.
template <class Value>
[[nodiscard]] Result<Value> read_kept_or_new(const std::string& path,
                                             Result<Value> (*parse)(std::string_view)) {
  return is_there(path) ? read_kept(path, parse) : Value();
}

// Writes it as a whole, or not at all. Nothing is touched if the file holds these bytes already.
[[nodiscard]] Status write_kept(const std::string& path, std::string_view text);

// `path` without symbolic links and dots, as far as it exists.
[[nodiscard]] Result<std::filesystem::path> without_links(const std::filesystem::path& path);

// The folder of the file at `path`: of what it leads to, if it is a link. `unreadable` if there is
// no such folder.
[[nodiscard]] Result<std::string> folder_of(const std::string& path);

// Keeps other runs of these programs from changing such files in the folder while it lives: a build
// may add entries from several jobs at once.
class FolderLock {
 public:
  [[nodiscard]] static Result<FolderLock> take(const std::string& folder);

 private:
  explicit FolderLock(Descriptor folder) : folder_(std::move(folder)) {}
  Descriptor folder_;
};

}  // namespace keystone::cli
