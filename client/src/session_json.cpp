// SPDX-License-Identifier: Apache-2.0
#include "session_json.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <nlohmann/json.hpp>

namespace keystone::detail {
namespace {

using Json = nlohmann::json;

constexpr JsonLimits kLimits = {std::size_t{512} * 1024, 10'000, 16, false};
constexpr std::size_t kMaxReason = 200;  // bytes

// Base64 in any alphabet, padded or not: servers differ.
Result<std::vector<std::uint8_t>> read_nonce(const std::string& text) {
  using base64::Form;
  for (const Form form : {Form::standard, Form::url_padded, Form::url}) {
    if (auto bytes = base64::decode("nonce", text, form)) {
      if (bytes->size() >= 8 && bytes->size() <= 64) {
        return bytes;
      }
    }
  }
  return fail(ErrorCode::malformed,
              "nonce: got '" + printable(text) + "', want 8 to 64 bytes in base64");
}

// A time whose fractions, which some servers write, are left out.
Result<Instant> read_time(std::string text) {
  const auto dot = text.find('.');
  if (dot != std::string::npos && text.ends_with('Z') &&
      text.find_first_not_of("0123456789", dot + 1) == text.size() - 1) {
    text.erase(dot, text.size() - 1 - dot);
  }
  return parse_instant("expiry", text);
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
    KEYSTONE_TRY(auto expiry, json.string_at("expiry"));
    KEYSTONE_TRY(body.expires, read_time(std::move(expiry)));
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
