// SPDX-License-Identifier: Apache-2.0
#include "http/src/head_rules.hpp"

#include "keystone/base/http_text.hpp"

#include <algorithm>

namespace keystone::server::http {
namespace {

constexpr Refusal kBadTarget = {400, "the target is none that this server takes"};

// A host with or without a port (RFC 3986, section 3.2), as far as it matters: no user, no path,
// no list.
bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
  });
}

std::optional<std::string_view> without_scheme(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equal_in_any_case(target.substr(0, scheme.size()), scheme)) {
      return target.substr(scheme.size());
    }
  }
  return std::nullopt;
}

bool is_length(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<Refusal> check_framing(const Request& request, bool is_http_1_1) {
  const std::string* const length = request.header("Content-Length");
  const std::string* const coding = request.header("Transfer-Encoding");
  if (request.has_twice("Content-Length") || (length != nullptr && !is_length(*length))) {
    return Refusal{400, "Content-Length is not one number"};
  }
  if (coding == nullptr) {
    return std::nullopt;
  }
  if (length != nullptr) {
    return Refusal{400, "there are both Content-Length and Transfer-Encoding"};
  }
  if (!is_http_1_1 || request.has_twice("Transfer-Encoding")) {
    return Refusal{400, "Transfer-Encoding is not what it may be"};
  }
  if (!equal_in_any_case(*coding, "chunked")) {
    return Refusal{501, "Transfer-Encoding is not chunked alone"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> take_target(std::string_view target, Request& request) {
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_visible) ||
      target.find('#') != std::string_view::npos) {
    return kBadTarget;
  }
  if (target == "*" && request.method == "OPTIONS") {
    request.path = target;
    return std::nullopt;
  }
  if (const auto rest = without_scheme(target)) {
    const std::size_t host_size = std::min(rest->find_first_of("/?"), rest->size());
    if (!is_host(rest->substr(0, host_size))) {
      return kBadTarget;
    }
    target = rest->substr(host_size);
  } else if (target.front() != '/') {
    return kBadTarget;
  }
  const std::size_t path_size = std::min(target.find('?'), target.size());
  request.path = path_size == 0 ? std::string_view("/") : target.substr(0, path_size);
  request.query = path_size == target.size() ? std::string_view() : target.substr(path_size + 1);
  return std::nullopt;
}

std::optional<Refusal> check_headers(const Request& request, bool is_http_1_1) {
  const std::string* const host = request.header("Host");
  if ((host == nullptr && is_http_1_1) || request.has_twice("Host") ||
      (host != nullptr && !is_host(*host))) {
    return Refusal{400, "there is not one Host"};
  }
  if (const auto refusal = check_framing(request, is_http_1_1)) {
    return refusal;
  }
  const std::string* const expect = request.header("Expect");
  if (expect != nullptr && !equal_in_any_case(*expect, "100-continue")) {
    return Refusal{417, "Expect is not 100-continue"};
  }
  return std::nullopt;
}

}  // namespace keystone::server::http
