// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

#include <utility>

namespace keystone {

// A file descriptor that is owned: closed on every way out. Move-only; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { (void)close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  // Closes it now. Whether the kernel had taken all that was written; errno says why not.
  bool close();

  // Writes all of `bytes`, whatever signals come; errno says why not.
  [[nodiscard]] bool write_all(ByteView bytes) const;

 private:
  int fd_;
};

}  // namespace keystone
