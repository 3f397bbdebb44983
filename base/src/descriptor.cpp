// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/descriptor.hpp"

#include "keystone/base/arithmetic.hpp"

#include <cerrno>

#include <unistd.h>

namespace keystone {

bool Descriptor::close() {
  const int fd = std::exchange(fd_, -1);
  return fd < 0 || ::close(fd) == 0;
}

bool Descriptor::write_all(ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    bytes = bytes.subspan(narrow<std::size_t>(written));
  }
  return true;
}

}  // namespace keystone
