// SPDX-License-Identifier: Apache-2.0
#include "sqlite_statement.hpp"

#include "keystone/base/arithmetic.hpp"

#include <charconv>
#include <string_view>

#include <sqlite3.h>

namespace keystone::server {
namespace {

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<Blob>(&value)) {
    // Without an address it would be NULL.
    return bytes->empty()
               ? sqlite3_bind_zeroblob(statement, index, 0)
               : sqlite3_bind_blob64(statement, index, bytes->data(), bytes->size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

Value column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, index)};
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, index));
      return Blob(bytes, bytes + sqlite3_column_bytes(statement, index));
    }
    case SQLITE_NULL:
      return {};
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
      return std::string(text, narrow<std::size_t>(sqlite3_column_bytes(statement, index)));
    }
  }
}

// SQLite counts parameters in the order in which a statement names them first: $7 may be the first.
int bind_all(sqlite3_stmt* statement, std::span<const Value> parameters) {
  const int count = sqlite3_bind_parameter_count(statement);
  int error = narrow<std::size_t>(count) == parameters.size() ? SQLITE_OK : SQLITE_RANGE;
  for (int index = 1; index <= count && error == SQLITE_OK; ++index) {
    const char* const spelt = sqlite3_bind_parameter_name(statement, index);
    const std::string_view name = spelt == nullptr ? "?" : spelt;
    std::size_t number = 0;  // what is no number stays 0, and that is out of range
    (void)std::from_chars(name.data() + 1, name.data() + name.size(), number);
    error = number - 1 < parameters.size() ? bind(statement, index, parameters[number - 1])
                                           : SQLITE_RANGE;
  }
  return error;
}

int step_through(sqlite3_stmt* statement, Rows& rows) {
  int state = SQLITE_ROW;
  while ((state = sqlite3_step(statement)) == SQLITE_ROW) {
    Row& row = rows.rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      row.push_back(column(statement, i));
    }
  }
  return state;
}

// Whatever happens: a statement that is not reset would keep its locks.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() {
    (void)sqlite3_reset(statement_);
    (void)sqlite3_clear_bindings(statement_);
  }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

int run_through(sqlite3_stmt* statement, std::span<const Value> parameters, Rows& rows) {
  const Reset reset(statement);
  const int bound = bind_all(statement, parameters);
  return bound == SQLITE_OK ? step_through(statement, rows) : bound;
}

}  // namespace keystone::server
