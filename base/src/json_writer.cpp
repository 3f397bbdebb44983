// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/json_writer.hpp"

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

// Nearly all that is written: printable ASCII that stands for itself. Looked at to the end, and
// summed up in a byte: that becomes vector instructions, where a way out of the loop would not.
bool is_simple(std::string_view text) {
  unsigned char odd = 0;
  for (const char c : text) {
    odd |= static_cast<unsigned char>(c < ' ' || c > '~' || c == '"' || c == '\\');
  }
  return odd == 0;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  using Json = nlohmann::json;
  if (is_simple(text)) {
    json += '"';
    json += text;
    json += '"';
  } else {
    json += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(json_, name);
  json_ += layout_ == JsonLayout::indented ? ": " : ":";
  has_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  separate();
  append_json_string(json_, value);
}

void JsonWriter::number(std::int64_t value) {
  separate();
  json_ += std::to_string(value);
}

void JsonWriter::flag(bool value) {
  separate();
  json_ += value ? "true" : "false";
}

void JsonWriter::text_at(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

void JsonWriter::number_at(std::string_view name, std::int64_t value) {
  key(name);
  number(value);
}

void JsonWriter::flag_at(std::string_view name, bool value) {
  key(name);
  flag(value);
}

void JsonWriter::begin(char bracket) {
  separate();
  json_ += bracket;
  ++depth_;
  is_first_ = true;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (!is_first_) {
    start_line();
  }
  json_ += bracket;
  is_first_ = false;
}

// What stands between two members or elements, and before the first.
void JsonWriter::separate() {
  if (has_key_) {
    has_key_ = false;
    return;
  }
  if (!is_first_) {
    json_ += ',';
  }
  is_first_ = false;
  if (depth_ > 0) {
    start_line();
  }
}

void JsonWriter::start_line() {
  if (layout_ == JsonLayout::indented) {
    json_ += '\n';
    json_.append(2 * depth_, ' ');
  }
}

}  // namespace keystone
