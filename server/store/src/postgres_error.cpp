// SPDX-License-Identifier: Apache-2.0
#include "postgres_error.hpp"

#include "keystone/base/text.hpp"

#include <exception>
#include <string>
#include <string_view>

#include <pqxx/pqxx>

namespace keystone::server {
namespace {

// The first line: what follows may show what was written.
std::string first_line(const char* text) {
  const std::string_view all(text);
  return printable(all.substr(0, all.find('\n')), 200);
}

// By the classes of appendix A of PostgreSQL's manual.
ErrorCode code_of(std::string_view state) {
  const std::string_view kind = state.substr(0, 2);
  if (kind == "08" || kind == "40" || kind == "55" || kind == "57") {
    return ErrorCode::unreachable;  // no connection; a deadlock; a lock held; shut down, cancelled
  }
  if (kind == "53" || kind == "58" || state == "25006") {
    return ErrorCode::unwritable;  // out of disk or memory; input or output; read only
  }
  return kind == "XX" ? ErrorCode::malformed : ErrorCode::internal;  // XX: corrupted
}

Error error_of(ErrorCode code, const std::exception& thrown) {
  return {code, "store: " + first_line(thrown.what())};
}

}  // namespace

Error postgres_error() {
  try {
    throw;
  } catch (const pqxx::broken_connection& thrown) {
    return error_of(ErrorCode::unreachable, thrown);
  } catch (const pqxx::in_doubt_error& thrown) {
    return error_of(ErrorCode::unreachable, thrown);
  } catch (const pqxx::transaction_rollback& thrown) {
    return error_of(ErrorCode::unreachable, thrown);
  } catch (const pqxx::sql_error& thrown) {
    Error error = error_of(code_of(thrown.sqlstate()), thrown);
    error.message += " (SQLSTATE " + thrown.sqlstate() + ")";
    return error;
  } catch (const std::exception& thrown) {
    return error_of(ErrorCode::internal, thrown);
  }
}

}  // namespace keystone::server
