// SPDX-License-Identifier: Apache-2.0
#include "origin.hpp"

#include "keystone/base/number.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace keystone::detail {
namespace {

constexpr std::size_t kMaxHost = 253;  // bytes: RFC 1035, section 2.3.4, without the root's dot
constexpr std::size_t kMaxPath = 8 * 1024;  // bytes; a session's name may hold all there is of it
constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kHttps = 443;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool is_address(int family, const std::string& text) {
  in6_addr address{};
  return ::inet_pton(family, text.c_str(), &address) == 1;
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHost &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
         });
}

// The host and what is behind it; an empty host if there is none that can be meant.
std::pair<std::string, std::string_view> split_host(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    const std::string host = lower(authority.substr(1, end == authority.npos ? 0 : end - 1));
    return is_address(AF_INET6, host) ? std::pair(host, authority.substr(end + 1))
                                      : std::pair(std::string(), std::string_view());
  }
  const auto end = std::min(authority.find(':'), authority.size());
  const std::string_view host = authority.substr(0, end);
  return {is_host(host) ? lower(host) : "", authority.substr(end)};
}

tl::unexpected<Error> wrong(std::string_view field, std::string_view text) {
  return fail(ErrorCode::usage, std::string(field) + ": got '" + printable(text) +
                                    "', want https://HOST or https://HOST:PORT");
}

bool is_path_character(char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/%";  // RFC 3986, section 3.3
  return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_path(std::string_view path) {
  return path.starts_with('/') && !path.starts_with("//") && path.size() <= kMaxPath &&
         path.find("/../") == std::string_view::npos && !path.ends_with("/..") &&
         std::all_of(path.begin(), path.end(), is_path_character);
}

}  // namespace

std::string Origin::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? kHttps : kHttp) ? name : name + ":" + std::to_string(port);
}

Result<Origin> parse_origin(std::string_view field, std::string_view text) {
  const auto colon = std::min(text.find("://"), text.size());
  const std::string scheme = lower(text.substr(0, colon));
  if ((scheme != "http" && scheme != "https") || colon == text.size()) {
    return wrong(field, text);
  }
  std::string_view authority = text.substr(colon + 3);
  if (authority.ends_with('/')) {
    authority.remove_suffix(1);
  }
  const auto [host, rest] = split_host(authority);
  Origin origin{scheme == "https", host, scheme == "https" ? kHttps : kHttp};
  if (host.empty() || (!rest.empty() && !rest.starts_with(':'))) {
    return wrong(field, text);
  }
  if (!rest.empty()) {
    const auto port = parse_unsigned(field, rest.substr(1), {1, 65535});
    if (!port || rest.substr(1).starts_with("0x")) {
      return wrong(field, text);
    }
    origin.port = static_cast<std::uint16_t>(*port);
  }
  return origin;
}

bool is_loopback(const Origin& origin) {
  return origin.host == "localhost" || origin.host == "::1" ||
         (origin.host.starts_with("127.") && is_address(AF_INET, origin.host));
}

Result<std::string> resolve_location(const Origin& origin, std::string_view base,
                                     std::string_view location) {
  std::string path(location);
  if (const auto colon = location.find("://"); colon != std::string_view::npos) {
    const auto slash = std::min(location.find('/', colon + 3), location.size());
    const auto other = parse_origin("location", location.substr(0, slash));
    if (!other || !(*other == origin)) {
      return fail(ErrorCode::malformed,
                  "location: got '" + printable(location) + "', want one on the same server");
    }
    path = location.substr(slash);
  } else if (!location.starts_with('/')) {
    path = std::string(base.substr(0, base.rfind('/') + 1)) + path;
  }
  if (location.empty() || !is_path(path)) {
    return fail(ErrorCode::malformed,
                "location: got '" + printable(location) + "', want a path on the same server");
  }
  return path;
}

}  // namespace keystone::detail
