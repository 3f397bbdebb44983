// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_place.hpp"

#include "common/kept_file.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace keystone::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOutsideHint = "--allow-outside lets inputs lie outside the folder";

bool is_below(const fs::path& folder, const fs::path& path) {
  const auto [in_folder, in_path] =
      std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return in_folder == folder.end();
}

// `path` from the root on, with the links that it names.
fs::path as_spelt(const fs::path& path) {
  std::error_code problem;
  return fs::absolute(path, problem).lexically_normal();
}

}  // namespace

Result<GoldenPlace> GoldenPlace::of(const std::string& path, bool allow_outside) {
  // A golden file that is a link is the file that it leads to: there, too, it is written.
  KEYSTONE_TRY(auto folder, folder_of(path));
  return GoldenPlace(std::move(folder), as_spelt(path).parent_path().string(), allow_outside);
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

std::vector<std::string> input_files(const GoldenFile& golden, const GoldenPlace& place) {
  std::vector<std::string> files;
  const auto add = [&](const GoldenInput& input) {
    if (auto path = place.resolve(input.path)) {
      files.push_back(*std::move(path));
    }
  };
  for (const GoldenEnclave& entry : golden.enclaves) {
    add(entry.eapp);
    add(entry.runtime);
    if (entry.loader) {
      add(*entry.loader);
    }
  }
  for (const GoldenSm& entry : golden.security_monitors) {
    add(entry.image);
  }
  return files;
}

Status write_golden(const std::string& path, const GoldenFile& golden) {
  if (path == "-") {
    return fail(ErrorCode::usage, "a golden file that is changed needs a path, not standard input");
  }
  KEYSTONE_TRY(const auto text, golden.serialize());
  return write_kept(path, text);
}

}  // namespace keystone::cli
