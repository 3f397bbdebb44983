// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/json.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Values in scripts. All fail with `malformed`, naming the place.
namespace keystone::cli::attest {

// The same, with what the readers of options call a wrong command line as a malformed file.
template <class Value>
[[nodiscard]] Result<Value> as_malformed(Result<Value> result) {
  if (!result) {
    return fail(ErrorCode::malformed, result.error().message, result.error().hint);
  }
  return result;
}

// A number spelt as options spell it, "0x90000000": JSON's own cannot hold all addresses.
[[nodiscard]] Result<std::uint64_t> number_at(const JsonObject& object, std::string_view key);

[[nodiscard]] Result<std::vector<std::uint8_t>> hex_at(const JsonObject& object,
                                                       std::string_view key);

// Which of `words` the member is.
[[nodiscard]] Result<std::size_t> word_at(const JsonObject& object, std::string_view key,
                                          std::span<const std::string_view> words);

}  // namespace keystone::cli::attest
