// SPDX-License-Identifier: Apache-2.0
#include "postgres_rows.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/hex.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <pqxx/pqxx>

namespace keystone::server {
namespace {

// Object identifiers of types: src/include/catalog/pg_type.dat of PostgreSQL 15.
constexpr pqxx::oid kByteaType = 17;
constexpr pqxx::oid kInt8Type = 20;
constexpr pqxx::oid kInt4Type = 23;

Value value_of(const pqxx::field& field) {
  const std::string_view text(field.c_str(), field.size());
  if (field.is_null()) {
    return {};
  }
  if (field.type() == kInt8Type || field.type() == kInt4Type) {
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  if (field.type() == kByteaType) {
    auto bytes = hex::decode("bytes", text.substr(std::min<std::size_t>(2, text.size())));
    return bytes ? Value(*std::move(bytes)) : Value();
  }
  return std::string(text);
}

}  // namespace

Rows rows_of(const pqxx::result& result) {
  Rows rows;
  rows.affected = narrow<std::size_t>(result.affected_rows());
  rows.rows.reserve(narrow<std::size_t>(result.size()));
  for (const auto& got : result) {
    Row& row = rows.rows.emplace_back();
    for (const auto& field : got) {
      row.push_back(value_of(field));
    }
  }
  return rows;
}

}  // namespace keystone::server
