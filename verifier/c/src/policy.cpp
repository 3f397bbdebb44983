// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "handles.hpp"

#include <algorithm>

using namespace keystone;
using namespace keystone::c_api;

namespace {

constexpr std::uint32_t kLongestAge = 24 * 60 * 60;  // seconds; as Policy::parse() has it

RegisteredDevice entry_of(std::string name, const DevicePublicKey& key) {
  return {std::move(name), key, {}, {}};
}
template <class Hash>
ReferenceValue<Hash> entry_of(std::string name, const Hash& hash) {
  return {std::move(name), {}, hash, {}, {}};
}

// `kind` and a number, as no entry is called yet: names are unique.
template <class Entry>
std::string unused_name(const std::vector<Entry>& entries, const std::string& kind) {
  for (std::size_t number = entries.size() + 1;; ++number) {
    std::string name = kind + "-" + std::to_string(number);
    if (std::none_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.name == name; })) {
      return name;
    }
  }
}

// Adds the key or hash at `bytes` to a list of the policy.
template <class Value, class Entry>
keystone_status add(keystone_policy* policy, std::vector<Entry> Policy::*list, const char* kind,
                    const std::uint8_t* bytes, keystone_error** error) {
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"policy", policy}, {kind, bytes}}));
    const Value value(array_at<Value::kSize>(bytes));
    std::vector<Entry>& entries = policy->policy.*list;
    if (std::any_of(entries.begin(), entries.end(),
                    [&](const Entry& entry) { return value_of(entry) == value; })) {
      return fail(ErrorCode::usage,
                  std::string(kind) + ": got " + value.hex() + " a second time, want it once");
    }
    entries.push_back(entry_of(unused_name(entries, kind), value));
    return {};
  });
}

}  // namespace

keystone_status keystone_policy_parse(const char* text, size_t size, keystone_policy** out,
                                      keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_policy> {
    KEYSTONE_TRY(const ByteView bytes, bytes_at("text", text, size));
    KEYSTONE_TRY(Policy policy,
                 Policy::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    return keystone_policy{std::move(policy)};
  });
}

keystone_status keystone_policy_new(keystone_policy** out, keystone_error** error) {
  return make(out, error, []() -> Result<keystone_policy> { return keystone_policy{}; });
}

keystone_status keystone_policy_add_device(keystone_policy* policy,
                                           const uint8_t key[KEYSTONE_PUBLIC_KEY_SIZE],
                                           keystone_error** error) {
  static_assert(DevicePublicKey::kSize == KEYSTONE_PUBLIC_KEY_SIZE);
  return add<DevicePublicKey>(policy, &Policy::devices, "device", key, error);
}

keystone_status keystone_policy_add_sm_hash(keystone_policy* policy,
                                            const uint8_t hash[KEYSTONE_HASH_SIZE],
                                            keystone_error** error) {
  static_assert(SmHash::kSize == KEYSTONE_HASH_SIZE);
  return add<SmHash>(policy, &Policy::security_monitors, "security-monitor", hash, error);
}

keystone_status keystone_policy_add_enclave_hash(keystone_policy* policy,
                                                 const uint8_t hash[KEYSTONE_HASH_SIZE],
                                                 keystone_error** error) {
  static_assert(EnclaveHash::kSize == KEYSTONE_HASH_SIZE);
  return add<EnclaveHash>(policy, &Policy::enclaves, "enclave", hash, error);
}

keystone_status keystone_policy_waive(keystone_policy* policy, const char* check,
                                      const char* reason, keystone_error** error) {
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"policy", policy}, {"check", check}, {"reason", reason}}));
    KEYSTONE_TRY(const Check waived, parse_check("check", check));
    return policy->policy.waivers.add(waived, reason);
  });
}

keystone_status keystone_policy_set_max_age(keystone_policy* policy, uint32_t seconds,
                                            keystone_error** error) {
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"policy", policy}}));
    if (seconds < 1 || seconds > kLongestAge) {
      return fail(ErrorCode::usage, "seconds: got " + std::to_string(seconds) + ", want 1 to " +
                                        std::to_string(kLongestAge));
    }
    policy->policy.max_age = std::chrono::seconds(seconds);
    return {};
  });
}

void keystone_policy_free(keystone_policy* policy) {
  delete policy;
}
