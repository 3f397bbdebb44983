// SPDX-License-Identifier: Apache-2.0
#include "api/documents_format.hpp"

#include "keystone/base/golden.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace keystone::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kServerPolicy = "keystone.server-policy/1";
constexpr std::size_t kLongestName = 128;
constexpr std::size_t kMostNames = 10'000;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

tl::unexpected<Error> not_names(std::string_view key) {
  return fail(ErrorCode::malformed, std::string(key) + ": got another value, want a list of names");
}

Result<std::vector<std::string>> names_at(const Json& root, const char* key) {
  std::vector<std::string> names;
  const auto list = root.find(key);
  if (list == root.end()) {
    return names;
  }
  if (!list->is_array() || list->size() > kMostNames) {
    return not_names(key);
  }
  std::set<std::string> seen;
  for (const Json& element : *list) {
    if (!element.is_string()) {
      return not_names(key);
    }
    auto name = element.get<std::string>();
    if (const auto checked = check_document_name(name); !checked) {
      return fail(checked.error().within(key));
    }
    if (!seen.insert(name).second) {
      return fail(ErrorCode::malformed, std::string(key) + ": got '" + name + "' twice");
    }
    names.push_back(std::move(name));
  }
  return names;
}

// `text` was read strictly before: no key is there twice, and the depth is bounded.
Result<PolicyDocument> parse_server_policy(const JsonObject& strict, std::string_view text) {
  PolicyDocument document;
  const Json root = Json::parse(text, nullptr, false);
  for (const char* const key : {"schema", "policy", "devices", "reference_values"}) {
    (void)strict.has(key);
  }
  KEYSTONE_CHECK_OK(strict.no_others());
  const auto policy = root.find("policy");
  if (policy == root.end()) {
    return fail(ErrorCode::malformed, "policy: missing");
  }
  auto draft = Policy::parse_draft(policy->dump());
  if (!draft) {
    return fail(draft.error().within("policy"));
  }
  document.policy = *std::move(draft);
  const auto devices = root.find("devices");
  document.all_devices = devices != root.end() && *devices == "all";
  if (!document.all_devices) {
    KEYSTONE_TRY(document.devices, names_at(root, "devices"));
  }
  KEYSTONE_TRY(document.reference_values, names_at(root, "reference_values"));
  return document;
}

}  // namespace

Status check_document_name(std::string_view name) {
  const bool is_sound =
      !name.empty() && name.size() <= kLongestName && is_alphanumeric(name.front()) &&
      std::all_of(name.begin(), name.end(),
                  [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
  if (!is_sound) {
    return fail(ErrorCode::malformed,
                "name: got '" + printable(name) +
                    "', want 1 to 128 letters, digits, '.', '_' and '-', a letter or digit first");
  }
  return {};
}

Result<PolicyDocument> parse_policy_document(std::string_view text) {
  KEYSTONE_TRY(const auto root, parse_json_object(text, {.comments = true}));
  KEYSTONE_TRY(const auto schema, root.string_at("schema"));
  if (schema != kServerPolicy) {
    KEYSTONE_TRY(auto policy, Policy::parse(text));
    return PolicyDocument{std::move(policy), false, {}, {}};
  }
  // Again, as this form has no comments.
  KEYSTONE_TRY(const auto plain, parse_json_object(text));
  return parse_server_policy(plain, text);
}

Result<RegisteredDevice> parse_device_document(std::string_view name, std::string_view text) {
  // One object and nothing else, so that it can become an element of a list.
  KEYSTONE_TRY(const auto object, parse_json_object(text));
  (void)object;
  auto policy = Policy::parse_draft(R"({"schema":"keystone.policy/1","devices":[)" +
                                    std::string(text) + "]}");
  if (!policy) {
    return fail(std::move(policy).error());
  }
  RegisteredDevice device = std::move(policy->devices.front());
  if (device.name != name) {
    return fail(ErrorCode::malformed,
                "devices[0].name: got '" + printable(device.name) + "', want the name in the path");
  }
  return device;
}

Status check_document(DocumentKind kind, std::string_view name, std::string_view text) {
  KEYSTONE_CHECK_OK(check_document_name(name));
  switch (kind) {
    case DocumentKind::policy:
      KEYSTONE_CHECK_OK(parse_policy_document(text));
      break;
    case DocumentKind::device:
      KEYSTONE_CHECK_OK(parse_device_document(name, text));
      break;
    case DocumentKind::reference_values:
      KEYSTONE_CHECK_OK(GoldenFile::parse(text));
      break;
  }
  return {};
}

}  // namespace keystone::server
