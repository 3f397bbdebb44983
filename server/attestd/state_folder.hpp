// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"

#include <string>

namespace keystone::server::attestd {

// What a node has on its own disk: DIR/keys, DIR/admin.token, DIR/store.sqlite3 unless the store is
// elsewhere, and DIR/lock. Closed to other users.
class StateFolder {
 public:
  // The folder at `path`. Fails as open_private_folder().
  [[nodiscard]] static Result<StateFolder> make(const std::string& path);
  [[nodiscard]] static Result<StateFolder> open(const std::string& path);

  // Keeps a second daemon out while this object lives. `usage` if one is there.
  [[nodiscard]] Status lock();

  [[nodiscard]] const Descriptor& folder() const { return folder_; }
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }

 private:
  StateFolder(std::string path, Descriptor folder)
      : path_(std::move(path)), folder_(std::move(folder)) {}

  std::string path_;
  Descriptor folder_;
  Descriptor lock_;
};

}  // namespace keystone::server::attestd
