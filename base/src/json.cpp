// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/json.hpp"

#include "json_node.hpp"
#include "json_tree.hpp"
#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

namespace keystone {

using detail::JsonElements;
using detail::JsonMembers;
using detail::JsonNode;

namespace {

std::string_view kind_of(const JsonNode& node) {
  constexpr std::string_view kKinds[] = {
      "null",     "a boolean", "a number", "a number of another kind",
      "a string", "an array",  "an object"};
  return kKinds[node.value.index()];
}

tl::unexpected<Error> wrong_kind(std::string_view path, const JsonNode& got,
                                 std::string_view want) {
  return fail(ErrorCode::malformed, std::string(path) + (path.empty() ? "" : ": ") + "got " +
                                        std::string(kind_of(got)) + ", want " + std::string(want));
}

}  // namespace

std::string JsonObject::path_of(std::string_view key) const {
  return path_ + (path_.empty() ? "" : ".") + std::string(key);
}

bool JsonObject::has(std::string_view key) const {
  asked_.emplace(key);
  return std::get<JsonMembers>(node_->value).contains(key);
}

Result<const JsonNode*> JsonObject::member(std::string_view key) const {
  if (!has(key)) {
    return fail(ErrorCode::malformed, path_of(key) + ": missing");
  }
  return &std::get<JsonMembers>(node_->value).find(key)->second;
}

Result<std::string> JsonObject::string_at(std::string_view key) const {
  KEYSTONE_TRY(const auto* const node, member(key));
  if (const auto* const text = std::get_if<std::string>(&node->value)) {
    return *text;
  }
  return wrong_kind(path_of(key), *node, "a string");
}

Result<std::uint64_t> JsonObject::unsigned_at(std::string_view key, NumberRange range) const {
  KEYSTONE_TRY(const auto* const node, member(key));
  const auto* const number = std::get_if<std::uint64_t>(&node->value);
  if (number == nullptr) {
    return wrong_kind(path_of(key), *node, "an integer without sign");
  }
  if (*number < range.min || *number > range.max) {
    return fail(ErrorCode::malformed, path_of(key) + ": got " + std::to_string(*number) +
                                          ", want " + std::to_string(range.min) + " to " +
                                          std::to_string(range.max));
  }
  return *number;
}

Result<bool> JsonObject::bool_at(std::string_view key) const {
  KEYSTONE_TRY(const auto* const node, member(key));
  if (const auto* const value = std::get_if<bool>(&node->value)) {
    return *value;
  }
  return wrong_kind(path_of(key), *node, "true or false");
}

Result<JsonObject> JsonObject::as_object(const JsonNode& node, std::string path) const {
  if (!std::holds_alternative<JsonMembers>(node.value)) {
    return wrong_kind(path, node, "an object");
  }
  return JsonObject(std::shared_ptr<const JsonNode>(node_, &node), std::move(path));
}

Result<JsonObject> JsonObject::object_at(std::string_view key) const {
  KEYSTONE_TRY(const auto* const node, member(key));
  return as_object(*node, path_of(key));
}

Result<std::vector<JsonObject>> JsonObject::objects_at(std::string_view key) const {
  KEYSTONE_TRY(const auto* const node, member(key));
  const auto* const elements = std::get_if<JsonElements>(&node->value);
  if (elements == nullptr) {
    return wrong_kind(path_of(key), *node, "an array");
  }
  std::vector<JsonObject> objects;
  for (const JsonNode& element : *elements) {
    KEYSTONE_TRY(auto object,
                 as_object(element, path_of(key) + "[" + std::to_string(objects.size()) + "]"));
    objects.push_back(std::move(object));
  }
  return objects;
}

Status JsonObject::no_others() const {
  for (const auto& [key, value] : std::get<JsonMembers>(node_->value)) {
    if (!asked_.contains(key)) {
      const std::vector<std::string_view> known(asked_.begin(), asked_.end());
      return fail(ErrorCode::malformed, path_of(printable(key)) + ": unknown key",
                  suggest_names(key, known));
    }
  }
  return {};
}

Result<JsonObject> parse_json_object(std::string_view text, JsonLimits limits) {
  KEYSTONE_TRY(auto tree, detail::parse_json_tree(text, limits));
  if (!std::holds_alternative<JsonMembers>(tree.value)) {
    return wrong_kind("", tree, "an object");
  }
  return JsonObject(std::make_shared<const JsonNode>(std::move(tree)), {});
}

}  // namespace keystone
