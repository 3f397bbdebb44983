// SPDX-License-Identifier: Apache-2.0
// A file of its own: the compiler must not see who allocates here and who frees there.
#include "keystone/testing/memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<std::size_t> live = 0;
std::atomic<std::size_t> most = 0;

thread_local long to_succeed = 0;
thread_local long to_fail = 0;
thread_local long failed = 0;

// Whether this allocation is one of those that are to fail.
bool fails() {
  if (to_fail == 0) {
    return false;
  }
  if (to_succeed > 0) {
    --to_succeed;
    return false;
  }
  --to_fail;
  ++failed;
  return true;
}

std::size_t size_of(void* memory) {
  return malloc_usable_size(memory) + sizeof(std::size_t);
}

void* allocate(std::size_t size) noexcept {
  void* const memory = fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory != nullptr) {
    const std::size_t now = live += size_of(memory);
    std::size_t before = most;
    while (before < now && !most.compare_exchange_weak(before, now)) {
    }
  }
  return memory;
}

void* allocate_or_throw(std::size_t size) {
  void* const memory = allocate(size);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr) {
    live -= size_of(memory);
    std::free(memory);
  }
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
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

AllocationPeak::AllocationPeak() : before_(live) {
  most = before_;
}

std::size_t AllocationPeak::bytes() const {
  return most - before_;
}

void fail_allocations(long succeed, long fail) {
  to_succeed = succeed;
  to_fail = fail;
  failed = 0;
}

long stop_failing_allocations() {
  to_fail = 0;
  return failed;
}

}  // namespace keystone::testing
