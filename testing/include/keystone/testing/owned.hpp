// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace keystone::testing {

template <auto Free>
struct Freed {
  template <class Handle>
  void operator()(Handle* handle) const {
    Free(handle);
  }
};

// A handle of the C API that `Free` frees.
template <class Handle, auto Free>
using Owned = std::unique_ptr<Handle, Freed<Free>>;

}  // namespace keystone::testing
