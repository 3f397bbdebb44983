// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace keystone::server::http::testing {

// The next allocations of this thread, so many of them, throw std::bad_alloc. For programs that
// have failing_memory.cpp, whose operator new stands for the library's.
void fail_next_allocations(int count);

}  // namespace keystone::server::http::testing
