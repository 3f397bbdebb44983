// SPDX-License-Identifier: Apache-2.0
#include "api/json_text.hpp"

namespace keystone::server {

std::string json_quoted(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void JsonText::add_key(std::string_view key) {
  if (members_.size() > 1) {
    members_ += ',';
  }
  append_json_string(members_, key);
  members_ += ':';
}

void JsonText::add(std::string_view key, std::string_view text) {
  add_key(key);
  append_json_string(members_, text);
}

void JsonText::add_json(std::string_view key, std::string_view json) {
  add_key(key);
  members_ += json;
}

void JsonText::add(std::string_view key, const std::vector<std::string>& texts) {
  add_key(key);
  char separator = '[';
  for (const std::string& text : texts) {
    members_ += separator;
    append_json_string(members_, text);
    separator = ',';
  }
  members_ += texts.empty() ? "[]" : "]";
}

std::string json_array(const std::vector<std::string>& elements) {
  std::string json = "[";
  for (const std::string& element : elements) {
    json += (json.size() > 1 ? "," : "") + element;
  }
  return json + "]";
}

}  // namespace keystone::server
