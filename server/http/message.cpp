// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include "keystone/base/http_text.hpp"

#include <algorithm>

namespace keystone::server::http {

const std::string* Request::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const Header& one) {
    return equal_in_any_case(one.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

bool Request::has_twice(std::string_view name) const {
  return std::count_if(headers.begin(), headers.end(),
                       [name](const Header& one) { return equal_in_any_case(one.name, name); }) > 1;
}

}  // namespace keystone::server::http
