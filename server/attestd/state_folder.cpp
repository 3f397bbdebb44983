// SPDX-License-Identifier: Apache-2.0
#include "attestd/state_folder.hpp"

#include "attestd/private_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

namespace keystone::server::attestd {

Result<StateFolder> StateFolder::make(const std::string& path) {
  KEYSTONE_TRY(auto folder, open_private_folder(path, true));
  return StateFolder(path, std::move(folder));
}

Result<StateFolder> StateFolder::open(const std::string& path) {
  KEYSTONE_TRY(auto folder, open_private_folder(path, false));
  return StateFolder(path, std::move(folder));
}

Status StateFolder::lock() {
  // The kernel takes it back with the process, however that ends: nothing is ever to be repaired.
  constexpr int kFlags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(::openat(folder_.get(), "lock", kFlags, static_cast<mode_t>(0600)));
  if (file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    lock_ = std::move(file);
    return {};
  }
  if (errno == EWOULDBLOCK) {
    return fail(ErrorCode::usage, path_ + ": another keystone-attestd uses it",
                "every node has a --state of its own; what they share is a PostgreSQL store");
  }
  return fail(ErrorCode::unwritable, path_of("lock") + ": " + std::strerror(errno));
}

}  // namespace keystone::server::attestd
