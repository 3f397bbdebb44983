// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/options.hpp"

#include <chrono>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace keystone::server::http {

// A token bucket for each key, of the keys seen last. Thread-safe.
class RateTable {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RateTable(Rate rate, std::size_t max_tracked) : rate_(rate), max_tracked_(max_tracked) {}

  // Other limits from now on; what has been taken stays taken.
  void configure(Rate rate, std::size_t max_tracked);

  // Takes one of the key's tokens. If there is none, none is taken, and the answer is how long it
  // takes until there is one: at least a second, in whole ones.
  [[nodiscard]] std::optional<std::chrono::seconds> take(const std::string& key, Time now);

 private:
  struct Bucket {
    std::string key;
    Time full;  // when it has all its tokens again, if nothing is taken
  };
  using Buckets = std::list<Bucket>;

  [[nodiscard]] Bucket& find(const std::string& key, Time now);
  void forget_down_to(std::size_t count);

  std::mutex mutex_;
  Rate rate_;
  std::size_t max_tracked_;
  Buckets buckets_;                                 // the one used last is the first
  std::map<std::string, Buckets::iterator> index_;  // ordered: no key makes another one slow
};

}  // namespace keystone::server::http
