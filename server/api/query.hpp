// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace keystone::server {

// The parameters of a request target.
class Query {
 public:
  // Reads `name=value&...`, percent-encoded, where `+` is a plus. `malformed` for a name that is
  // not among `known`, one that is there twice, or a bad escape. Values do not show in messages.
  [[nodiscard]] static Result<Query> parse(std::string_view text,
                                           std::initializer_list<std::string_view> known);

  // The value, or a null pointer; as long as this object lives.
  [[nodiscard]] const std::string* find(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// What `text` says without its escapes. `malformed`, naming `field`, for one that is not `%` and
// two hex digits, or that hides a zero byte.
[[nodiscard]] Result<std::string> percent_decoded(std::string_view field, std::string_view text);

}  // namespace keystone::server
