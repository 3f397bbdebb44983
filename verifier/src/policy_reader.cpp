// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"
#include "keystone/verifier/policy.hpp"

#include <algorithm>
#include <set>

namespace keystone {
namespace {

constexpr std::string_view kSchema = "keystone.policy/1";
constexpr std::size_t kLongestName = 128;
constexpr NumberRange kMaxAge = {1, 24 * 60 * 60};  // seconds

Result<std::string> line_at(const JsonObject& object, std::string_view key, std::size_t most) {
  KEYSTONE_TRY(auto text, object.string_at(key));
  if (!is_plain_text(text, most)) {
    return fail(ErrorCode::malformed, object.path_of(key) + ": got " + std::to_string(text.size()) +
                                          " bytes, want 1 to " + std::to_string(most) +
                                          " without control characters");
  }
  return text;
}

template <class Field>
Result<Field> hex_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return Field::from_hex(object.path_of(key), text);
}

Result<Instant> instant_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return parse_instant(object.path_of(key), text);
}

Result<Validity> read_validity(const JsonObject& entry) {
  Validity validity;
  if (entry.has("not_before")) {
    KEYSTONE_TRY(validity.not_before, instant_at(entry, "not_before"));
  }
  if (entry.has("not_after")) {
    KEYSTONE_TRY(validity.not_after, instant_at(entry, "not_after"));
  }
  if (validity.not_before && validity.not_after && *validity.not_after < *validity.not_before) {
    return fail(ErrorCode::malformed, entry.path_of("not_after") + ": got " +
                                          to_string(*validity.not_after) +
                                          ", want a time that is not before not_before");
  }
  return validity;
}

Result<std::optional<Revocation>> read_revocation(const JsonObject& entry) {
  if (!entry.has("revoked")) {
    return std::optional<Revocation>();
  }
  KEYSTONE_TRY(const auto revoked, entry.object_at("revoked"));
  KEYSTONE_TRY(const auto at, instant_at(revoked, "at"));
  KEYSTONE_TRY(auto reason, line_at(revoked, "reason", Waivers::kMaxReason));
  KEYSTONE_CHECK_OK(revoked.no_others());
  return std::optional(Revocation{at, std::move(reason)});
}

Result<RegisteredDevice> read_device(const JsonObject& entry) {
  KEYSTONE_TRY(auto name, line_at(entry, "name", kLongestName));
  KEYSTONE_TRY(const auto key, hex_at<DevicePublicKey>(entry, "key"));
  KEYSTONE_TRY(const auto validity, read_validity(entry));
  KEYSTONE_TRY(auto revoked, read_revocation(entry));
  KEYSTONE_CHECK_OK(entry.no_others());
  return RegisteredDevice{std::move(name), key, validity, std::move(revoked)};
}

template <class Hash>
Result<ReferenceValue<Hash>> read_reference(const JsonObject& entry) {
  KEYSTONE_TRY(auto name, line_at(entry, "name", kLongestName));
  std::optional<std::string> profile;
  if (entry.has("profile")) {
    KEYSTONE_TRY(profile, line_at(entry, "profile", kLongestName));
  }
  KEYSTONE_TRY(const auto hash, hex_at<Hash>(entry, "hash"));
  KEYSTONE_TRY(const auto validity, read_validity(entry));
  KEYSTONE_TRY(auto revoked, read_revocation(entry));
  KEYSTONE_CHECK_OK(entry.no_others());
  return ReferenceValue<Hash>{std::move(name), std::move(profile), hash, validity,
                              std::move(revoked)};
}

// Two entries for one key or hash could contradict each other, so there is at most one; and names
// are how people revoke.
template <class Entry, class Value>
Status read_list(const JsonObject& root, std::string_view key, std::string_view value_key,
                 Result<Entry> (*read)(const JsonObject&), std::set<Value> values,
                 std::vector<Entry>& entries) {
  if (!root.has(key)) {
    return {};
  }
  KEYSTONE_TRY(const auto objects, root.objects_at(key));
  if (objects.empty()) {
    return fail(ErrorCode::malformed, root.path_of(key) + ": got an empty list, want an entry");
  }
  std::set<std::string> names;
  for (const JsonObject& object : objects) {
    KEYSTONE_TRY(auto entry, read(object));
    if (!names.insert(entry.name).second) {
      return fail(ErrorCode::malformed,
                  object.path_of("name") + ": got '" + printable(entry.name) + "' a second time");
    }
    if (!values.insert(value_of(entry)).second) {
      return fail(ErrorCode::malformed,
                  object.path_of(value_key) + ": got " + value_of(entry).hex() + " a second time");
    }
    entries.push_back(std::move(entry));
  }
  return {};
}

Status read_waivers(const JsonObject& root, Waivers& waivers) {
  if (!root.has("waivers")) {
    return {};
  }
  KEYSTONE_TRY(const auto object, root.object_at("waivers"));
  for (const Check check : kAllChecks) {
    const std::string_view word = to_string(check);
    if (!object.has(word)) {
      continue;
    }
    KEYSTONE_TRY(auto reason, object.string_at(word));
    if (const auto added = waivers.add(check, std::move(reason)); !added) {
      return fail(ErrorCode::malformed, root.path_of("waivers") + "." + added.error().message);
    }
  }
  return object.no_others();
}

}  // namespace

Result<Policy> Policy::parse_draft(std::string_view text) {
  KEYSTONE_TRY(const auto root, parse_json_object(text, {.comments = true}));
  KEYSTONE_TRY(const auto schema, root.string_at("schema"));
  if (schema != kSchema) {
    return fail(ErrorCode::malformed,
                "schema: got '" + printable(schema) + "', want '" + std::string(kSchema) + "'");
  }
  Policy policy;
  KEYSTONE_CHECK_OK(
      read_list(root, "devices", "key", read_device, std::set<DevicePublicKey>(), policy.devices));
  KEYSTONE_CHECK_OK(read_list(root, "security_monitors", "hash", read_reference<SmHash>,
                              std::set<SmHash>(), policy.security_monitors));
  KEYSTONE_CHECK_OK(read_list(root, "enclaves", "hash", read_reference<EnclaveHash>,
                              std::set<EnclaveHash>(), policy.enclaves));
  KEYSTONE_CHECK_OK(read_waivers(root, policy.waivers));
  if (root.has("max_age_s")) {
    KEYSTONE_TRY(const auto seconds, root.unsigned_at("max_age_s", kMaxAge));
    policy.max_age = std::chrono::seconds(static_cast<std::int64_t>(seconds));
  }
  KEYSTONE_CHECK_OK(root.no_others());
  return policy;
}

Result<Policy> Policy::parse(std::string_view text) {
  KEYSTONE_TRY(auto policy, parse_draft(text));
  KEYSTONE_CHECK_OK(policy.check_complete());
  return policy;
}

}  // namespace keystone
