// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/state_folder.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::server::attestd {

// A state folder that goes with the test.
class TemporaryState {
 public:
  TemporaryState() {
    std::string pattern = (std::filesystem::temp_directory_path() / "attestd-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~TemporaryState() { std::filesystem::remove_all(path_); }
  TemporaryState(const TemporaryState&) = delete;
  TemporaryState& operator=(const TemporaryState&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] StateFolder open() const { return *StateFolder::open(path_); }

  void write(const std::string& name, const std::string& text, mode_t mode) const {
    std::ofstream(path_of(name)) << text;
    EXPECT_EQ(::chmod(path_of(name).c_str(), mode), 0);
  }

  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_of(name)).rdbuf();
    return text.str();
  }

  [[nodiscard]] unsigned mode_of(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat(path_of(name).c_str(), &status), 0) << name;
    return status.st_mode & 07777U;
  }

 private:
  std::string path_;
};

}  // namespace keystone::server::attestd
