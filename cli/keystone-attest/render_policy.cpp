// SPDX-License-Identifier: Apache-2.0
#include "common/console.hpp"
#include "common/json_text.hpp"
#include "keystone-attest/render.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

std::string line(std::string_view label, const std::string& value) {
  constexpr std::size_t kColumn = 20;
  std::string text(label);
  text.resize(std::max(kColumn, text.size() + 1), ' ');
  return one_line(text + value) + "\n";
}

template <class Entry>
std::string details_of(const Entry& entry) {
  std::string text;
  if (entry.validity.not_before) {
    text += ", from " + to_string(*entry.validity.not_before);
  }
  if (entry.validity.not_after) {
    text += ", to " + to_string(*entry.validity.not_after);
  }
  if (entry.revoked) {
    text += ", revoked " + to_string(entry.revoked->at) + ": " + entry.revoked->reason;
  }
  return text;
}

template <class Hash>
std::string list_of(std::string_view kind, const std::vector<ReferenceValue<Hash>>& references) {
  std::string text;
  for (const auto& reference : references) {
    text += one_line(std::string(kind) + " " + reference.name + ": " + reference.hash.hex() +
                     (reference.profile ? ", " + *reference.profile : "") + details_of(reference)) +
            "\n";
  }
  return text;
}

// These lists of the policy, as its file has them.
Result<std::string> lists_json(const Policy& policy, std::string_view schema,
                               std::initializer_list<const char*> lists) {
  KEYSTONE_TRY(const auto text, policy.serialize());
  const Json whole = Json::parse(text);
  Json json = {{"schema", schema}};
  for (const char* const list : lists) {
    json[list] = whole.value(list, Json::array());
  }
  return json_text(json);
}

}  // namespace

std::string show_policy(const Policy& policy, const PolicyState& state) {
  std::string text;
  for (const ListCount& count : state.lists) {
    text += line(count.list, std::to_string(count.entries) + ", " + std::to_string(count.usable) +
                                 " of use at " + to_string(state.now));
  }
  text += line("max_age_s", policy.max_age ? std::to_string(policy.max_age->count()) : "none");
  for (const UnusableEntry& entry : state.unusable) {
    text += line(entry.reason, std::string(entry.list) + ": " + entry.name +
                                   (entry.detail.empty() ? "" : ", " + entry.detail));
  }
  for (const auto& [check, reason] : policy.waivers.all()) {
    text += line("waived", std::string(to_string(check)) + ": " + reason);
  }
  return text;
}

std::string show_policy_json(const Policy& policy, const PolicyState& state) {
  Json json = {{"schema", "keystone.policy-check/1"}, {"now", to_string(state.now)}};
  for (const ListCount& count : state.lists) {
    json[std::string(count.list)] = {{"entries", count.entries}, {"usable", count.usable}};
  }
  json["max_age_s"] = policy.max_age ? Json(policy.max_age->count()) : Json(nullptr);
  json["unusable"] = Json::array();
  for (const UnusableEntry& entry : state.unusable) {
    json["unusable"].push_back({{"list", entry.list},
                                {"name", entry.name},
                                {"reason", entry.reason},
                                {"detail", entry.detail}});
  }
  json["waivers"] = Json::object();
  for (const auto& [check, reason] : policy.waivers.all()) {
    json["waivers"][std::string(to_string(check))] = reason;
  }
  json["warnings"] = state.warnings;
  return json_text(json);
}

std::string list_devices(const Policy& policy) {
  std::string text;
  for (const RegisteredDevice& device : policy.devices) {
    text += one_line(device.name + ": " + device.key.hex() + details_of(device)) + "\n";
  }
  return text;
}

std::string list_references(const Policy& policy) {
  return list_of("security_monitor", policy.security_monitors) +
         list_of("enclave", policy.enclaves);
}

Result<std::string> list_devices_json(const Policy& policy) {
  return lists_json(policy, "keystone.devices/1", {"devices"});
}

Result<std::string> list_references_json(const Policy& policy) {
  return lists_json(policy, "keystone.references/1", {"security_monitors", "enclaves"});
}

}  // namespace keystone::cli::attest
