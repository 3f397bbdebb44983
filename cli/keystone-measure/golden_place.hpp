// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/golden.hpp"

#include <string>
#include <vector>

// A golden file on disk, and the folder that its paths start from.
namespace keystone::cli {

class GoldenPlace {
 public:
  // Where the inputs of the golden file at `path` are looked for. `allow_outside`: inputs may lie
  // outside its folder. `unreadable` if there is no such folder.
  [[nodiscard]] static Result<GoldenPlace> of(const std::string& path, bool allow_outside);

  // The file of that entry path. `malformed` if it leads out of the folder, through a symbolic link
  // too, unless that is allowed.
  [[nodiscard]] Result<std::string> resolve(const std::string& relative) const;

  // The entry path for a file given from the current folder; a symbolic link is recorded by its own
  // name. `usage` if the file lies outside the folder
  // and that is not allowed, or for standard input.
  [[nodiscard]] Result<std::string> relative_to_folder(const std::string& path) const;

  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  GoldenPlace(std::string folder, std::string folder_as_spelt, bool allow_outside)
      : folder_(std::move(folder)),
        folder_as_spelt_(std::move(folder_as_spelt)),
        allow_outside_(allow_outside) {}

  std::string folder_;           // absolute, without symbolic links
  std::string folder_as_spelt_;  // absolute, with the links that the user named
  bool allow_outside_;
};

// The paths of all inputs, as far as they can be found.
[[nodiscard]] std::vector<std::string> input_files(const GoldenFile& golden,
                                                   const GoldenPlace& place);

// Writes it as write_kept() does. `usage` for standard input.
[[nodiscard]] Status write_golden(const std::string& path, const GoldenFile& golden);

}  // namespace keystone::cli
