// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry point for a target.
#include "keystone/testing/fuzz.hpp"

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  keystone::fuzz({data, size});
  return 0;
}
