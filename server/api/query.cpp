// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace keystone::server {
namespace {

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  if (c >= 'a' && c <= 'f') {
    return static_cast<unsigned>(c - 'a') + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return static_cast<unsigned>(c - 'A') + 10;
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> percent_decoded(std::string_view field, std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? digit_of(text[i + 1]) : std::nullopt;
    const auto low = high ? digit_of(text[i + 2]) : std::nullopt;
    if (!low || (*high == 0 && *low == 0)) {
      return fail(ErrorCode::malformed,
                  std::string(field) + ": got a bad percent-escape, want %01 to %FF");
    }
    plain += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return plain;
}

Result<Query> Query::parse(std::string_view text, std::initializer_list<std::string_view> known) {
  Query query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string name(pair.substr(0, equals));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(ErrorCode::malformed,
                  "query: got the parameter '" + printable(name) + "', want one that exists",
                  suggest_names(name, std::vector<std::string_view>(known)));
    }
    KEYSTONE_TRY(auto value, percent_decoded(name, pair.substr(std::min(equals + 1, pair.size()))));
    if (!query.values_.emplace(name, std::move(value)).second) {
      return fail(ErrorCode::malformed, "query: got '" + name + "' twice, want it once");
    }
  }
  return query;
}

const std::string* Query::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace keystone::server
