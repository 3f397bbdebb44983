// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace keystone {

// Bytes that never change, which all copies of a value share. A moved-from one keeps its bytes.
class SharedBytes {
 public:
  // A copy of `bytes`, or the vector itself.
  explicit SharedBytes(ByteView bytes)
      : SharedBytes(std::vector<std::uint8_t>(bytes.begin(), bytes.end())) {}
  explicit SharedBytes(std::vector<std::uint8_t> bytes)
      : bytes_(std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))) {}

  SharedBytes(const SharedBytes&) = default;  // and no moving
  SharedBytes& operator=(const SharedBytes&) = default;
  ~SharedBytes() = default;

  // They live as long as one of the copies.
  [[nodiscard]] ByteView view() const { return *bytes_; }

 private:
  std::shared_ptr<const std::vector<std::uint8_t>> bytes_;
};

}  // namespace keystone
