// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_json.hpp"

#include "keystone/base/hex.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/suggest.hpp"

namespace keystone::cli::attest {

Result<std::uint64_t> number_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return as_malformed(parse_unsigned(object.path_of(key), text));
}

Result<std::vector<std::uint8_t>> hex_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return hex::decode(object.path_of(key), text);
}

Result<std::size_t> word_at(const JsonObject& object, std::string_view key,
                            std::span<const std::string_view> words) {
  KEYSTONE_TRY(const auto word, object.string_at(key));
  return as_malformed(index_of_name(object.path_of(key), word, words));
}

}  // namespace keystone::cli::attest
