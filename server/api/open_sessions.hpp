// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/instant.hpp"

#include <cstddef>
#include <map>
#include <mutex>

namespace keystone::server {

// How many sessions this node has out: a number for each second in which some expire, so that a
// hundred thousand of them take no more memory than a few minutes have seconds. Thread-safe.
//
// Where several nodes answer each other's sessions, one that was answered elsewhere counts here
// until it expires.
class OpenSessions {
 public:
  // Counts one more, unless `most` are out already.
  [[nodiscard]] bool add(Instant expires, Instant now, std::size_t most);

  // One of those that expire then was answered or closed.
  void remove(Instant expires);

  [[nodiscard]] std::size_t count(Instant now);

 private:
  void forget_before(Instant now);

  std::mutex mutex_;
  std::map<Instant, std::size_t> by_expiry_;
  std::size_t count_ = 0;
};

}  // namespace keystone::server
