// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace keystone::testing {

// Counts what `new` hands out in the whole program while it lives: a measure of memory that is the
// same on every machine. One at a time, in programs of one thread. Programs that link
// allocation_peak.cpp have operators new and delete that count.
class AllocationPeak {
 public:
  AllocationPeak();

  // The most bytes at once, above what there was before.
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::size_t before_;
};

}  // namespace keystone::testing
