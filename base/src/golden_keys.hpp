// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/golden.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// What the reader and the writer of golden files must agree on.
namespace keystone {

inline constexpr std::string_view kGoldenSchema = "keystone.golden/1";

// The parameters of a page-walk enclave by their keys, in the order of the file.
struct GoldenPageWalkKey {
  std::string_view key;
  std::optional<std::uint64_t> GoldenPageWalk::*value;
};

inline constexpr std::array kGoldenPageWalkKeys = {
    GoldenPageWalkKey{"untrusted_ptr", &GoldenPageWalk::untrusted_ptr},
    GoldenPageWalkKey{"untrusted_size", &GoldenPageWalk::untrusted_size},
    GoldenPageWalkKey{"stack_size", &GoldenPageWalk::stack_size},
    GoldenPageWalkKey{"freemem", &GoldenPageWalk::freemem},
    GoldenPageWalkKey{"runtime_stack", &GoldenPageWalk::runtime_stack},
    GoldenPageWalkKey{"runtime_entry", &GoldenPageWalk::runtime_entry},
    GoldenPageWalkKey{"user_entry", &GoldenPageWalk::user_entry},
};

}  // namespace keystone
