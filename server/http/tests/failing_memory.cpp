// SPDX-License-Identifier: Apache-2.0
// A file of its own: the compiler must not see who allocates here and who frees there.
#include "failing_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

thread_local int failing = 0;

}  // namespace

void keystone::server::http::testing::fail_next_allocations(int count) {
  failing = count;
}

void* operator new(std::size_t size) {
  if (failing > 0) {
    --failing;
    throw std::bad_alloc();
  }
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
