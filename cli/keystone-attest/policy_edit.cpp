// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/policy_edit.hpp"

#include "common/command_line.hpp"
#include "keystone/base/suggest.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

std::string kind_of(const RegisteredDevice&) {
  return "device";
}
std::string kind_of(const ReferenceValue<SmHash>&) {
  return "security monitor";
}
std::string kind_of(const ReferenceValue<EnclaveHash>&) {
  return "enclave";
}

bool same_profile(const RegisteredDevice&, const RegisteredDevice&) {
  return true;
}
template <class Hash>
bool same_profile(const ReferenceValue<Hash>& a, const ReferenceValue<Hash>& b) {
  return a.profile == b.profile;
}

template <class Entry>
std::string title_of(const Entry& entry) {
  return kind_of(entry) + " '" + entry.name + "'";
}

std::string text_of(const Revocation& revocation) {
  return "revoked at " + to_string(revocation.at) + ": " + revocation.reason;
}

// What keeps `entry` from being added beside `known`; nothing if they have nothing in common.
template <class Entry>
Status check_beside(const Entry& known, const Entry& entry) {
  if (known.name == entry.name && value_of(known) != value_of(entry)) {
    return usage(title_of(entry) + ": got " + value_of(entry).hex() +
                 ", but under this name the policy has " + value_of(known).hex());
  }
  if (known.name != entry.name && value_of(known) == value_of(entry)) {
    return usage(title_of(entry) + ": got " + value_of(entry).hex() +
                 ", which the policy has as '" + known.name + "'");
  }
  if (known.name != entry.name) {
    return {};
  }
  if (known.revoked) {
    return usage(title_of(entry) + ": " + text_of(*known.revoked));
  }
  if (known.validity.not_before != entry.validity.not_before ||
      known.validity.not_after != entry.validity.not_after || !same_profile(known, entry)) {
    return usage(title_of(entry) + ": the policy has it with other dates or another profile");
  }
  return {};
}

// Adds `entry` unless it is there; false if it is.
template <class Entry>
Result<bool> add_to(std::vector<Entry>& entries, Entry entry) {
  bool is_there = false;
  for (const Entry& known : entries) {
    KEYSTONE_CHECK_OK(check_beside(known, entry));
    is_there = is_there || known.name == entry.name;
  }
  if (!is_there) {
    entries.push_back(std::move(entry));
  }
  return !is_there;
}

// `reference remove` and `revoke` name an entry of either list, so a name belongs to one of them.
template <class Entry, class Other>
Status check_name_is_free(const Entry& entry, const std::vector<Other>& others) {
  for (const Other& other : others) {
    if (other.name == entry.name) {
      return usage(title_of(entry) + ": got " + value_of(entry).hex() +
                   ", but under this name the policy has the " + kind_of(other) + " " +
                   value_of(other).hex());
    }
  }
  return {};
}

ReferenceValue<EnclaveHash> reference_of(const GoldenEnclave& entry, const Validity& validity) {
  return {entry.name, entry.profile, entry.hash, validity, {}};
}
ReferenceValue<SmHash> reference_of(const GoldenSm& entry, const Validity& validity) {
  return {entry.name, entry.platform, entry.hash, validity, {}};
}

bool is_wanted(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

template <class Entry, class Reference, class Other>
Result<bool> add_wanted(const std::vector<Entry>& entries, const std::vector<std::string>& names,
                        const Validity& validity, std::vector<Reference>& references,
                        const std::vector<Other>& others) {
  bool changed = false;
  for (const Entry& entry : entries) {
    if (is_wanted(names, entry.name)) {
      auto reference = reference_of(entry, validity);
      KEYSTONE_CHECK_OK(check_name_is_free(reference, others));
      KEYSTONE_TRY(const bool added, add_to(references, std::move(reference)));
      changed = changed || added;
    }
  }
  return changed;
}

template <class Entry>
void add_names(const std::vector<Entry>& entries, std::vector<std::string_view>& names) {
  for (const Entry& entry : entries) {
    names.push_back(entry.name);
  }
}

Status check_has_name(const std::vector<std::string_view>& names, const std::string& name,
                      const std::string& where) {
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return usage("--name: there is no entry '" + name + "' in the " + where,
                 suggest_names(name, names));
  }
  return {};
}

std::vector<std::string_view> reference_names(const Policy& policy) {
  std::vector<std::string_view> names;
  add_names(policy.security_monitors, names);
  add_names(policy.enclaves, names);
  return names;
}

// Whether an entry was revoked that was not before.
template <class Entry>
bool revoke_in(std::vector<Entry>& entries, const std::string& name, const Revocation& revocation) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  if (found == entries.end() || found->revoked) {
    return false;
  }
  found->revoked = revocation;
  return true;
}

}  // namespace

Result<bool> add_device(Policy& policy, RegisteredDevice device) {
  return add_to(policy.devices, std::move(device));
}

Result<bool> add_references(Policy& policy, const GoldenFile& golden,
                            const std::vector<std::string>& names, const Validity& validity) {
  std::vector<std::string_view> known;
  add_names(golden.enclaves, known);
  add_names(golden.security_monitors, known);
  for (const std::string& name : names) {
    KEYSTONE_CHECK_OK(check_has_name(known, name, "golden file"));
  }
  Policy changed = policy;
  KEYSTONE_TRY(const bool enclaves, add_wanted(golden.enclaves, names, validity, changed.enclaves,
                                               changed.security_monitors));
  KEYSTONE_TRY(const bool monitors, add_wanted(golden.security_monitors, names, validity,
                                               changed.security_monitors, changed.enclaves));
  policy = std::move(changed);
  return enclaves || monitors;
}

Result<bool> revoke_device(Policy& policy, const std::string& name, const Revocation& revocation) {
  std::vector<std::string_view> names;
  add_names(policy.devices, names);
  KEYSTONE_CHECK_OK(check_has_name(names, name, "policy"));
  return revoke_in(policy.devices, name, revocation);
}

Result<bool> revoke_reference(Policy& policy, const std::string& name,
                              const Revocation& revocation) {
  KEYSTONE_CHECK_OK(check_has_name(reference_names(policy), name, "policy"));
  // A policy that was written by hand may have the name in both lists: then both are meant.
  const bool monitor = revoke_in(policy.security_monitors, name, revocation);
  const bool enclave = revoke_in(policy.enclaves, name, revocation);
  return monitor || enclave;
}

Result<bool> remove_reference(Policy& policy, const std::string& name) {
  KEYSTONE_CHECK_OK(check_has_name(reference_names(policy), name, "policy"));
  const auto has_name = [&](const auto& entry) { return entry.name == name; };
  (void)std::erase_if(policy.security_monitors, has_name);
  (void)std::erase_if(policy.enclaves, has_name);
  return true;
}

}  // namespace keystone::cli::attest
