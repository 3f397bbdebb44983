// SPDX-License-Identifier: Apache-2.0
#include "http/src/admission.hpp"

namespace keystone::server::http {

Admission::Place::~Place() {
  if (admission_ != nullptr) {
    admission_->leave(group_);
  }
}

std::optional<Admission::Place> Admission::enter(const std::optional<IpAddress>& group,
                                                 std::size_t most, std::size_t most_of_group) {
  const std::lock_guard lock(mutex_);
  if (count_ >= most) {
    return std::nullopt;
  }
  if (group) {
    const auto known = of_group_.find(*group);
    if (known != of_group_.end() && known->second >= most_of_group) {
      return std::nullopt;
    }
    ++of_group_[*group];
  }
  ++count_;
  return std::optional<Place>(std::in_place, *this, group);
}

void Admission::leave(const std::optional<IpAddress>& group) {
  const std::lock_guard lock(mutex_);
  --count_;
  if (group && --of_group_[*group] == 0) {
    of_group_.erase(*group);
  }
}

bool BodyBudget::Share::grow_to(std::size_t size, std::size_t most) {
  if (size <= size_) {
    return true;
  }
  const std::size_t more = size - size_;
  if (budget_.used_.fetch_add(more) + more > most) {
    budget_.used_ -= more;
    return false;
  }
  size_ = size;
  return true;
}

}  // namespace keystone::server::http
