// SPDX-License-Identifier: Apache-2.0
#include "api/json_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace keystone::server {

namespace {

// Nearly all that is written here: it stands for itself.
bool is_simple(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

}  // namespace

std::string json_quoted(std::string_view text) {
  using Json = nlohmann::json;
  if (is_simple(text)) {
    return '"' + std::string(text) + '"';
  }
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonText::add_json(std::string_view key, std::string_view json) {
  if (members_.size() > 1) {
    members_ += ',';
  }
  members_ += json_quoted(key);
  members_ += ':';
  members_ += json;
}

void JsonText::add(std::string_view key, const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& text : texts) {
    quoted.push_back(json_quoted(text));
  }
  add_json(key, json_array(quoted));
}

std::string json_array(const std::vector<std::string>& elements) {
  std::string json = "[";
  for (const std::string& element : elements) {
    json += (json.size() > 1 ? "," : "") + element;
  }
  return json + "]";
}

std::string without_white_space(std::string_view json) {
  std::string compact;
  compact.reserve(json.size());
  bool in_string = false;
  bool escaped = false;
  for (const char c : json) {
    if (!in_string && (c == ' ' || c == '\n')) {
      continue;
    }
    compact += c;
    in_string = in_string ? escaped || c != '"' : c == '"';
    escaped = in_string && !escaped && c == '\\';
  }
  return compact;
}

}  // namespace keystone::server
