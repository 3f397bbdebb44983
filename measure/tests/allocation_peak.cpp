// SPDX-License-Identifier: Apache-2.0
#include "allocation_peak.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::size_t now = 0;
std::size_t most = 0;

void* counted(std::size_t size) {
  void* const memory = std::malloc(std::max<std::size_t>(size, 1));
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  now += malloc_usable_size(memory);
  most = std::max(most, now);
  return memory;
}

void release(void* memory) noexcept {
  now -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}

namespace keystone::testing {

AllocationPeak::AllocationPeak() : before_(now) {
  most = now;
}

std::size_t AllocationPeak::bytes() const {
  return most - before_;
}

}  // namespace keystone::testing
