// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/policy.hpp"

#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using OrderedJson = nlohmann::ordered_json;

template <class Entry>
Status check_not_empty(std::string_view list, const std::vector<Entry>& entries) {
  if (entries.empty()) {
    return fail(ErrorCode::malformed,
                std::string(list) + ": missing, so nothing could be accepted");
  }
  return {};
}

void add_limits(OrderedJson& json, const Validity& validity,
                const std::optional<Revocation>& revoked) {
  if (validity.not_before) {
    json["not_before"] = to_string(*validity.not_before);
  }
  if (validity.not_after) {
    json["not_after"] = to_string(*validity.not_after);
  }
  if (revoked) {
    json["revoked"] = {{"at", to_string(revoked->at)}, {"reason", revoked->reason}};
  }
}

OrderedJson to_json(const RegisteredDevice& device) {
  OrderedJson json = {{"name", device.name}, {"key", device.key.hex()}};
  add_limits(json, device.validity, device.revoked);
  return json;
}

template <class Hash>
OrderedJson to_json(const ReferenceValue<Hash>& reference) {
  OrderedJson json = {{"name", reference.name}};
  if (reference.profile) {
    json["profile"] = *reference.profile;
  }
  json["hash"] = reference.hash.hex();
  add_limits(json, reference.validity, reference.revoked);
  return json;
}

template <class Entry>
void add_list(OrderedJson& json, const char* key, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    json[key].push_back(to_json(entry));
  }
}

}  // namespace

Status Waivers::add(Check check, std::string reason) {
  const std::string name(to_string(check));
  if (!is_waivable(check)) {
    return fail(ErrorCode::usage, name + ": this check cannot be waived");
  }
  if (!is_plain_text(reason, kMaxReason) || reason.find_first_not_of(' ') == std::string::npos) {
    return fail(ErrorCode::usage, name + ": got a waiver without a reason, want one of 1 to " +
                                      std::to_string(kMaxReason) +
                                      " bytes without control characters");
  }
  if (!reasons_.emplace(check, std::move(reason)).second) {
    return fail(ErrorCode::usage, name + ": waived twice");
  }
  return {};
}

const std::string* Waivers::find(Check check) const {
  const auto found = reasons_.find(check);
  return found == reasons_.end() ? nullptr : &found->second;
}

Status Policy::check_complete() const {
  KEYSTONE_CHECK_OK(check_not_empty("devices", devices));
  if (waivers.find(Check::sm_hash) == nullptr) {
    KEYSTONE_CHECK_OK(check_not_empty("security_monitors", security_monitors));
  }
  if (waivers.find(Check::enclave_hash) == nullptr) {
    KEYSTONE_CHECK_OK(check_not_empty("enclaves", enclaves));
  }
  return {};
}

Result<std::string> Policy::serialize() const {
  OrderedJson json = {{"schema", "keystone.policy/1"}};
  add_list(json, "devices", devices);
  add_list(json, "security_monitors", security_monitors);
  add_list(json, "enclaves", enclaves);
  for (const auto& [check, reason] : waivers.all()) {
    json["waivers"][std::string(to_string(check))] = reason;
  }
  if (max_age) {
    json["max_age_s"] = max_age->count();
  }
  std::string text;
  try {
    text = json.dump(2) + "\n";
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorCode::malformed, "a name or a reason is not UTF-8");
  }
  if (text.size() > JsonLimits().max_bytes) {
    return fail(ErrorCode::limit_exceeded, "the policy: got " + std::to_string(text.size()) +
                                               " bytes, want at most " +
                                               std::to_string(JsonLimits().max_bytes));
  }
  return text;
}

}  // namespace keystone
