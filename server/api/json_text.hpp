// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/json_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// JSON as this server writes it: compact, keys in the order in which they are added.
namespace keystone::server {

// A string with its quotes. What is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_quoted(std::string_view text);

// Objects, member by member; the same key is added once.
class JsonText {
 public:
  // `expected`: bytes of text, for which there is room from the start.
  explicit JsonText(std::size_t expected = 256) { members_.reserve(expected); }

  void add(std::string_view key, std::string_view text);
  void add(std::string_view key, const char* text) { add(key, std::string_view(text)); }
  void add(std::string_view key, std::uint64_t number) { add_json(key, std::to_string(number)); }
  void add(std::string_view key, bool value) { add_json(key, value ? "true" : "false"); }
  void add(std::string_view key, const std::vector<std::string>& texts);

  // A value that is JSON already.
  void add_json(std::string_view key, std::string_view json);

  [[nodiscard]] std::string object() && {
    members_ += '}';
    return std::move(members_);
  }

 private:
  void add_key(std::string_view key);

  std::string members_ = "{";
};

// An array of what is JSON already.
[[nodiscard]] std::string json_array(const std::vector<std::string>& elements);

}  // namespace keystone::server
