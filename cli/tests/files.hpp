// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

// What the tests here share: a folder for files, and a look at errors.
namespace keystone::cli {

// A fresh folder, removed with all that is in it.
class Folder {
 public:
  Folder() {
    std::string pattern =
        std::filesystem::canonical(std::filesystem::temp_directory_path()) / "keystone-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make " + pattern);
    }
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

  // Writes a file, in folders that are made where they lack, and says where it is.
  std::string put(std::string_view name, std::string_view content) const {
    const std::string path = *this / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream file(path, std::ios::binary);
    file << content;
    if (!file.flush()) {
      throw std::runtime_error("cannot write " + path);
    }
    return path;
  }

 private:
  std::string path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whether `result` is an error of `code` whose message has `fact` in it.
template <class T>
::testing::AssertionResult fails_with(const Result<T>& result, ErrorCode code,
                                      std::string_view fact = {}) {
  if (result) {
    return ::testing::AssertionFailure() << "there is no error";
  }
  const Error& error = result.error();
  if (error.code != code || error.message.find(fact) == std::string::npos) {
    return ::testing::AssertionFailure() << to_string(error.code) << ": " << error.message;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace keystone::cli
