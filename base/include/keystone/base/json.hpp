// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/number.hpp"
#include "keystone/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The strict JSON reader behind every file and message of this project. Duplicate keys, unknown
// keys, a byte-order mark, text after the document and numbers of another type are errors
// (`malformed`) that carry the path of the place, like `enclaves[2].hash`.
namespace keystone {

struct JsonLimits {
  std::size_t max_bytes = std::size_t{16} << 20U;  // of text; more is `limit_exceeded`
  std::size_t max_values = 500'000;                // of any kind; bounds the memory of the tree
  unsigned max_depth = 32;                         // of nested arrays and objects
  bool comments = false;                           // whether // and /* */ are skipped
};

namespace detail {
struct JsonNode;
}

// An object whose members are asked for one by one. After the last, no_others() fails for a member
// that nobody asked for. Copies share the tree and live as long as they like.
class JsonObject {
 public:
  // Whether there is such a member. Asking makes the key a known one.
  [[nodiscard]] bool has(std::string_view key) const;

  // The member of that type; `malformed` if it is missing or of another type. unsigned_at() takes
  // numbers written without sign, fraction or exponent, within `range`.
  [[nodiscard]] Result<std::string> string_at(std::string_view key) const;
  [[nodiscard]] Result<std::uint64_t> unsigned_at(std::string_view key,
                                                  NumberRange range = {}) const;
  [[nodiscard]] Result<bool> bool_at(std::string_view key) const;
  [[nodiscard]] Result<JsonObject> object_at(std::string_view key) const;

  // An array of which every element is an object.
  [[nodiscard]] Result<std::vector<JsonObject>> objects_at(std::string_view key) const;

  [[nodiscard]] Status no_others() const;

  // The place of this object in the document, or of one of its members: empty for the document.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(std::string_view key) const;

 private:
  friend Result<JsonObject> parse_json_object(std::string_view text, JsonLimits limits);
  JsonObject(std::shared_ptr<const detail::JsonNode> node, std::string path)
      : node_(std::move(node)), path_(std::move(path)) {}

  [[nodiscard]] Result<const detail::JsonNode*> member(std::string_view key) const;
  [[nodiscard]] Result<JsonObject> as_object(const detail::JsonNode& node, std::string path) const;

  std::shared_ptr<const detail::JsonNode> node_;  // shares ownership of the whole tree
  std::string path_;
  mutable std::set<std::string, std::less<>> asked_;
};

// The document `text`, which must be one object.
[[nodiscard]] Result<JsonObject> parse_json_object(std::string_view text, JsonLimits limits = {});

}  // namespace keystone
