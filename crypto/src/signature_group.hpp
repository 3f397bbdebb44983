// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "point_engine.hpp"

// Where the rules of signature.hpp are applied, once for all engines. Here the engine is an
// argument, so that tests can take each of them.
namespace keystone::detail {

inline constexpr std::size_t kMaxGroup = 128;

// What the fault of a key makes of its signatures.
[[nodiscard]] SignatureResult result_of(KeyFault fault);

// As verify_signatures(), in groups of kMaxGroup jobs.
[[nodiscard]] Status verify_all(const PointEngine& engine, std::span<const SignatureJob> jobs,
                                std::span<SignatureResult> results, const KeyTables* tables);

}  // namespace keystone::detail
