// SPDX-License-Identifier: Apache-2.0
#include "postgres_parameters.hpp"

#include "keystone/base/hex.hpp"
#include "keystone/crypto/wipe.hpp"

namespace keystone::server {
namespace {

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return std::to_string(*number);
  }
  if (const auto* bytes = std::get_if<Blob>(&value)) {
    return "\\x" + hex::encode(*bytes);
  }
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string();
}

}  // namespace

PostgresParameters::PostgresParameters(std::span<const Value> values) {
  texts_.reserve(values.size());  // so that pointers into them stay
  for (const Value& value : values) {
    texts_.push_back(text_of(value));
    const bool null = std::holds_alternative<std::monostate>(value);
    pointers_.push_back(null ? nullptr : texts_.back().c_str());
  }
}

PostgresParameters::~PostgresParameters() {
  for (std::string& text : texts_) {
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }
}

}  // namespace keystone::server
