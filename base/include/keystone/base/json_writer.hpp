// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace keystone {

// Appends `text` as a JSON string, with its quotes. What is not UTF-8 shows as U+FFFD.
void append_json_string(std::string& json, std::string_view text);

enum class JsonLayout : std::uint8_t {
  one_line,  // no white space between tokens
  indented,  // by two spaces a level, each member and element on a line of its own
};

// Writes a JSON document token by token, straight into a text: there is no tree that takes memory,
// and keys stand in the order in which they are written. That it is one document is up to the
// caller, who ends what was begun, gives each key a value, and writes no key twice in an object.
class JsonWriter {
 public:
  // `expected`: bytes of text, for which there is room from the start.
  explicit JsonWriter(JsonLayout layout, std::size_t expected = 0) : layout_(layout) {
    json_.reserve(expected);
  }

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  // Of the value that is written next.
  void key(std::string_view name);

  // Elements, or values of keys.
  void text(std::string_view value);
  void number(std::int64_t value);
  void flag(bool value);

  // A key with its value.
  void text_at(std::string_view name, std::string_view value);
  void number_at(std::string_view name, std::int64_t value);
  void flag_at(std::string_view name, bool value);

  // What was written, without a line feed at the end.
  [[nodiscard]] std::string take() && { return std::move(json_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();
  void start_line();

  std::string json_;
  JsonLayout layout_;
  std::size_t depth_ = 0;
  bool is_first_ = true;  // nothing was written yet of what was begun last
  bool has_key_ = false;  // the value of a key comes next
};

}  // namespace keystone
