// SPDX-License-Identifier: Apache-2.0
#include "postgres_conninfo.hpp"

#include "store/database.hpp"

#include <memory>

#include <libpq-fe.h>

namespace keystone::server {

Status check_conninfo(const std::string& conninfo) {
  struct Free {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  };
  const std::unique_ptr<PQconninfoOption, Free> options(PQconninfoParse(conninfo.c_str(), nullptr));
  if (options == nullptr || conninfo.find('\0') != std::string::npos) {
    return fail(ErrorCode::usage,
                "conninfo: got what libpq cannot read, want keywords and values or a URI");
  }
  return {};
}

std::string with_limits(const std::string& conninfo) {
  const bool uri = conninfo.rfind("postgres://", 0) == 0 || conninfo.rfind("postgresql://", 0) == 0;
  if (!uri) {
    return "connect_timeout=5 tcp_user_timeout=10000 " + conninfo;
  }
  const std::string limits = "connect_timeout=5&tcp_user_timeout=10000";
  // A question mark of a password is none of the query.
  const std::size_t host = conninfo.find("://") + 3;
  const std::size_t end = conninfo.find_first_of("@/", host);
  const bool has_user = end != std::string::npos && conninfo[end] == '@';
  const std::size_t query = conninfo.find('?', has_user ? end : host);
  return query == std::string::npos
             ? conninfo + "?" + limits
             : conninfo.substr(0, query + 1) + limits + "&" + conninfo.substr(query + 1);
}

}  // namespace keystone::server
