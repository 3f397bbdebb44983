// SPDX-License-Identifier: Apache-2.0
#include "diff_memory.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>
#include <vector>

namespace keystone {
namespace {

// Pages in a row of one role.
struct Block {
  std::size_t group;  // addresses are compared within one; page walk: all are in the first
  std::uint64_t address;
  std::uint64_t size;
  std::size_t page;  // the number of the first
  std::string_view role;

  void drop_front(std::uint64_t bytes) {
    address += bytes;
    size -= bytes;
    page += narrow<std::size_t>(bytes / kPageSize);
  }
};

std::vector<Block> blocks_of(const Explanation& explanation, Scheme scheme) {
  std::vector<Block> blocks;
  std::vector<std::uint64_t> used(role_names().size() + 1);  // of each role's memory
  std::size_t page = 0;
  for (const MeasuredRange& range : explanation.ranges) {
    const std::size_t rank = rank_of(range.role);
    const bool is_walk = scheme == Scheme::page_walk;
    const std::uint64_t address = is_walk ? range.address : used[rank];
    if (!blocks.empty() && blocks.back().role == range.role &&
        blocks.back().address + blocks.back().size == address) {
      blocks.back().size += range.size;
    } else {
      blocks.push_back({is_walk ? 0 : rank, address, range.size, page, range.role});
    }
    used[rank] += range.size;
    page += narrow<std::size_t>(range.size / kPageSize);
  }
  return blocks;
}

// What is left of one enclave's blocks.
class Cursor {
 public:
  explicit Cursor(std::vector<Block> blocks) : blocks_(std::move(blocks)) {}

  [[nodiscard]] const Block* get() const {
    return next_ < blocks_.size() ? &blocks_[next_] : nullptr;
  }

  void drop_front(std::uint64_t bytes) {
    Block& block = blocks_[next_];
    block.drop_front(bytes);
    next_ += block.size == 0 ? 1 : 0;
  }

 private:
  std::vector<Block> blocks_;
  std::size_t next_ = 0;
};

// How much of the start of `block` lies before `other`, of the other enclave.
std::uint64_t bytes_before(const Block& block, const Block* other) {
  if (other == nullptr || other->group > block.group) {
    return block.size;
  }
  if (other->group < block.group || other->address <= block.address) {
    return 0;
  }
  return std::min(block.size, other->address - block.address);
}

}  // namespace

std::size_t rank_of(std::string_view role) {
  const auto roles = role_names();
  return static_cast<std::size_t>(std::find(roles.begin(), roles.end(), role) - roles.begin());
}

void compare_memory(const Explanation& left, const Explanation& right, Scheme scheme,
                    const std::function<void(const MemoryPart&)>& visit) {
  Cursor lefts(blocks_of(left, scheme));
  Cursor rights(blocks_of(right, scheme));
  for (;;) {
    const Block* const a = lefts.get();
    const Block* const b = rights.get();
    if (a == nullptr && b == nullptr) {
      return;
    }
    if (const std::uint64_t only = a != nullptr ? bytes_before(*a, b) : 0; only != 0) {
      visit({a->role, a->address, only, a->page, std::nullopt});
      lefts.drop_front(only);
    } else if (const std::uint64_t other = b != nullptr ? bytes_before(*b, a) : 0; other != 0) {
      visit({b->role, b->address, other, std::nullopt, b->page});
      rights.drop_front(other);
    } else {
      const std::uint64_t both = std::min(a->size, b->size);
      visit({a->role, a->address, both, a->page, b->page});
      lefts.drop_front(both);
      rights.drop_front(both);
    }
  }
}

}  // namespace keystone
