// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

// Memory, counted and withheld. For programs that link keystone_testing_memory, whose operators new
// and delete stand for the library's.
namespace keystone::testing {

// Counts what `new` hands out in the whole program while it lives, with what malloc() adds to each
// piece: a measure of memory that is the same on every machine. One at a time.
class AllocationPeak {
 public:
  AllocationPeak();

  // The most bytes at once, above what there was before.
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::size_t before_;
};

// Of this thread's next allocations, `succeed` go well and `fail` throw std::bad_alloc; those after
// them go well again.
void fail_allocations(long succeed, long fail);

// Ends that. How many have failed since.
long stop_failing_allocations();

}  // namespace keystone::testing
