// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/authorise.hpp"
#include "api/handlers.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keystone::server {

struct Route {
  std::string_view method;   // of GET, HEAD too
  std::string_view pattern;  // whose {name} or {id} stands for one segment
  Access access;
  HandlerFunction handle;
};

// Every route that there is; openapi.json has the same.
[[nodiscard]] std::span<const Route> all_routes();

// What a path leads to.
struct Matched {
  std::vector<const Route*> routes;  // one for each method; empty: nothing is there
  std::string parameter;             // what stands for {name} or {id}; not decoded
};
[[nodiscard]] Matched match(std::string_view path);

// Of the matched routes that for the method; null if there is none.
[[nodiscard]] const Route* find_method(const Matched& matched, std::string_view method);

// The methods that the path takes, for `Allow`.
[[nodiscard]] std::string allowed_methods(const Matched& matched);

}  // namespace keystone::server
