// SPDX-License-Identifier: Apache-2.0
#include "http/src/response_text.hpp"

#include "keystone/base/http_text.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>  // which Beast uses and does not include

#include <boost/beast/http/status.hpp>

namespace keystone::server::http {
namespace {

constexpr std::array<std::string_view, 7> kOwnHeaders = {
    "Connection",        "Content-Length", "Date",    "Server",
    "Transfer-Encoding", "X-Request-Id",   "Trailer",
};

bool is_sound_header(const Header& header) {
  return !header.name.empty() &&
         std::all_of(header.name.begin(), header.name.end(), is_token_character) &&
         std::none_of(header.value.begin(), header.value.end(),
                      [](char c) { return is_control(c) && c != '\t'; }) &&
         std::none_of(kOwnHeaders.begin(), kOwnHeaders.end(),
                      [&](std::string_view own) { return equal_in_any_case(header.name, own); });
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void add_framing(std::string& head, const Response& response, Framing framing) {
  if (!may_have_body(response.status)) {
    return;
  }
  if (framing == Framing::chunked) {
    add(head, "Transfer-Encoding", "chunked");
  } else if (framing != Framing::close && !response.stream) {
    add(head, "Content-Length", std::to_string(response.body.size()));
  }
}

}  // namespace

bool is_sound(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::all_of(response.headers.begin(), response.headers.end(), is_sound_header);
}

bool may_have_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string head_text(const Response& response, const HeadContext& context) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason.data(), reason.size()).append("\r\n");
  add(head, "Date", context.date);
  add(head, "Server", "keystone-attestd");
  add(head, "X-Request-Id", context.request_id);
  for (const Header& header : response.headers) {
    add(head, header.name, header.value);
  }
  if (!context.keeps_alive) {
    add(head, "Connection", "close");
  }
  add_framing(head, response, context.framing);
  return head.append("\r\n");
}

std::string chunk(std::string_view piece) {
  std::string text = to_hex_number(piece.size()).substr(2);
  return text.append("\r\n").append(piece).append("\r\n");
}

std::string date_text(std::time_t time) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  (void)::gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                      kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                      parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text.data();
}

}  // namespace keystone::server::http
