// SPDX-License-Identifier: Apache-2.0
#include "http/src/forwarded.hpp"

#include "keystone/base/http_text.hpp"

#include <algorithm>

namespace keystone::server::http {
namespace {

// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; the port is of
// no interest.
std::optional<IpAddress> node(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? std::nullopt : IpAddress::parse(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  return IpAddress::parse(text);
}

// Where the last `mark` outside quotes is. Read from the end, as what a proxy added there is well
// formed, and what stands before it anybody may have made up.
std::size_t last_outside_quotes(std::string_view text, char mark) {
  bool is_quoted = false;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == '"') {
      const std::size_t before = text.substr(0, i).find_last_not_of('\\') + 1;
      is_quoted = is_quoted != ((i - before) % 2 == 0);  // unless it is escaped itself
    } else if (text[i] == mark && !is_quoted) {
      return i;
    }
  }
  return std::string_view::npos;
}

// Cuts the last element off a list.
std::string_view take_last(std::string_view& list, char separator) {
  const std::size_t at = last_outside_quotes(list, separator);
  const bool is_only = at == std::string_view::npos;
  const std::string_view last = is_only ? list : list.substr(at + 1);
  list = is_only ? std::string_view() : list.substr(0, at);
  return trimmed(last);
}

// The `for` of one element of Forwarded (RFC 7239, section 4), such as `for="[2001:db8::1]:80"`.
std::optional<IpAddress> node_of_element(std::string_view element) {
  while (!element.empty()) {
    const std::string_view pair = take_last(element, ';');
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !equal_in_any_case(pair.substr(0, equals), "for")) {
      continue;
    }
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return node(value);
  }
  return std::nullopt;
}

}  // namespace

IpAddress client_address(const IpAddress& socket_peer, const std::vector<Header>& headers,
                         const TrustedProxies& proxies, ForwardedHeader header) {
  const bool is_x = header == ForwardedHeader::x_forwarded_for;
  const std::string_view name = is_x ? "X-Forwarded-For" : "Forwarded";
  IpAddress client = socket_peer;
  for (auto field = headers.rbegin(); field != headers.rend(); ++field) {
    if (!equal_in_any_case(field->name, name)) {
      continue;
    }
    std::string_view list = field->value;
    while (!list.empty()) {
      if (!proxies.contain(client)) {
        return client;
      }
      const std::string_view entry = take_last(list, ',');
      const auto before = is_x ? node(entry) : node_of_element(entry);
      if (!before) {
        return client;
      }
      client = *before;
    }
  }
  return client;
}

}  // namespace keystone::server::http
