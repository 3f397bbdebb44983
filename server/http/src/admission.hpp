// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/ip_address.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace keystone::server::http {

// Counts who is connected. Thread-safe; outlives the places that it gives.
class Admission {
 public:
  // One connection's place, until it is destroyed.
  class Place {
   public:
    Place(Admission& admission, const std::optional<IpAddress>& group)
        : admission_(&admission), group_(group) {}
    Place(Place&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), group_(other.group_) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    Admission* admission_;
    std::optional<IpAddress> group_;  // absent: not counted by address
  };

  // A place, unless `most` are taken, or `most_of_group` by connections of that group; of no
  // group, only the first counts.
  [[nodiscard]] std::optional<Place> enter(const std::optional<IpAddress>& group, std::size_t most,
                                           std::size_t most_of_group);

 private:
  void leave(const std::optional<IpAddress>& group);

  std::mutex mutex_;
  std::size_t count_ = 0;
  std::map<IpAddress, std::size_t> of_group_;
};

// Bytes of request bodies in memory, of all connections. Thread-safe.
class BodyBudget {
 public:
  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_.used_ -= size_; }

    // Takes as much as is missing from `size`. False, and nothing taken, if all would be over
    // `most`.
    [[nodiscard]] bool grow_to(std::size_t size, std::size_t most);

   private:
    BodyBudget& budget_;
    std::size_t size_ = 0;
  };

 private:
  std::atomic<std::size_t> used_ = 0;
};

}  // namespace keystone::server::http
