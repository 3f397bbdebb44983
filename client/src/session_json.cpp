// SPDX-License-Identifier: Apache-2.0
#include "session_json.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace keystone::detail {
namespace {

using Json = nlohmann::json;

constexpr JsonLimits kLimits = {std::size_t{512} * 1024, 10'000, 16, false};
constexpr std::size_t kMaxReason = 200;  // bytes

// Servers differ in how they spell it.
Result<std::vector<std::uint8_t>> read_nonce(const std::string& text) {
  auto bytes = base64::decode_any("nonce", text);
  if (!bytes || bytes->size() < 8 || bytes->size() > 64) {
    return fail(ErrorCode::malformed,
                "nonce: got '" + printable(text) + "', want 8 to 64 bytes in base64");
  }
  return bytes;
}

// Two digits below `end`.
std::optional<int> read_two(std::string_view text, int end) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  const int value = (text[0] - '0') * 10 + (text[1] - '0');
  return value < end ? std::optional(value) : std::nullopt;
}

// What is behind the seconds of a time: `Z`, or how far local time is ahead, `+02:00`.
std::optional<std::chrono::minutes> read_offset(std::string_view text) {
  if (text == "Z") {
    return std::chrono::minutes(0);
  }
  const bool is_ahead = text.starts_with('+');
  if (text.size() != 6 || (!is_ahead && text[0] != '-') || text[3] != ':') {
    return std::nullopt;
  }
  const auto hours = read_two(text.substr(1, 2), 24);
  const auto minutes = read_two(text.substr(4, 2), 60);
  if (!hours || !minutes) {
    return std::nullopt;
  }
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return is_ahead ? offset : -offset;
}

// A time as RFC 3339 has it, in capitals. A fraction is left out.
Result<Instant> read_time(std::string_view text) {
  constexpr std::size_t kToSeconds = std::string_view("2026-06-01T12:00:00").size();
  const std::string_view seconds = text.substr(0, kToSeconds);
  std::string_view rest = text.substr(seconds.size());
  if (rest.starts_with('.')) {
    const auto end = rest.find_first_not_of("0123456789", 1);
    rest = end == 1 || end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  const auto offset = read_offset(rest);
  if (!offset) {
    return fail(ErrorCode::malformed,
                "expiry: got '" + printable(text) + "', want a time such as 2026-06-01T12:00:00Z");
  }
  KEYSTONE_TRY(const auto local, parse_instant("expiry", std::string(seconds) + "Z"));
  return local - *offset;
}

// Of the library, since the project's reader gives no arrays of text. The text has passed that one.
std::vector<std::string> read_accepted(std::string_view text) {
  std::vector<std::string> accepted;
  const auto json = Json::parse(text, nullptr, false);
  const auto found = json.find("accept");
  if (found != json.end() && found->is_array()) {
    for (const Json& type : *found) {
      if (type.is_string()) {
        accepted.push_back(type.get<std::string>());
      }
    }
  }
  return accepted;
}

}  // namespace

Result<SessionBody> parse_session(std::string_view text) {
  KEYSTONE_TRY(const auto json, parse_json_object(text, kLimits));
  SessionBody body;
  KEYSTONE_TRY(const auto nonce, json.string_at("nonce"));
  KEYSTONE_TRY(body.nonce, read_nonce(nonce));
  if (json.has("expiry")) {
    KEYSTONE_TRY(const auto expiry, json.string_at("expiry"));
    KEYSTONE_TRY(body.expires, read_time(expiry));
  }
  KEYSTONE_TRY(body.state, json.string_at(json.has("status") ? "status" : "state"));
  if (json.has("result")) {
    KEYSTONE_TRY(body.result, json.string_at("result"));
  }
  body.accepted = read_accepted(text);
  return body;
}

std::string reason_of(std::string_view problem) {
  const auto json = parse_json_object(problem, kLimits);
  for (const char* const key : {"detail", "title"}) {
    if (json && json->has(key)) {
      if (const auto text = json->string_at(key); text && !text->empty()) {
        return printable(*text, kMaxReason);
      }
    }
  }
  return "";
}

}  // namespace keystone::detail
