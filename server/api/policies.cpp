// SPDX-License-Identifier: Apache-2.0
#include "api/policies.hpp"

#include "keystone/base/golden.hpp"

namespace keystone::server {
namespace {

// Of each kind, above which everything is read again.
constexpr std::size_t kMostRemembered = 64;
constexpr std::string_view kDefault = "default";

// Room for one more.
template <class Map>
void make_room(Map& map) {
  if (map.size() >= kMostRemembered) {
    map.clear();
  }
}

}  // namespace

// What is read after the revision was asked for is at least as new, so that nothing is remembered
// under a revision that was already changed then.
Result<std::uint64_t> Policies::refresh() {
  KEYSTONE_TRY(const auto revision, store_->revision());
  (void)forget_before(revision);
  return revision;
}

std::uint64_t Policies::forget_before(std::uint64_t revision) {
  const std::lock_guard lock(mutex_);
  if (revision > revision_) {
    revision_ = revision;
    current_.clear();
    verifiers_.clear();
  }
  return revision_;
}

Answer<std::optional<PolicyRef>> Policies::find(const std::string& name) {
  KEYSTONE_TRY(const auto revision, stored(refresh()));
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = current_.find(name); known != current_.end()) {
      return std::optional(known->second);
    }
  }
  KEYSTONE_TRY(const auto document, stored(store_->document(DocumentKind::policy, name)));
  if (!document) {
    return std::optional<PolicyRef>();
  }
  PolicyRef ref{name, document->revision};
  const std::lock_guard lock(mutex_);
  if (revision == revision_) {
    make_room(current_);
    current_.insert_or_assign(name, ref);
  }
  return std::optional(std::move(ref));
}

Answer<PolicyRef> Policies::choose(const std::string* name) {
  if (name != nullptr) {
    KEYSTONE_CHECK_OK(check_document_name(*name));
  }
  KEYSTONE_TRY(auto policy, find(name != nullptr ? *name : std::string(kDefault)));
  if (!policy && name != nullptr) {
    return refuse(400, "policy: got '" + *name + "', want one that exists");
  }
  return policy.value_or(PolicyRef());
}

Answer<std::shared_ptr<const Verifier>> Policies::verifier(const PolicyRef& policy) {
  KEYSTONE_TRY(const auto revision, stored(refresh()));
  return verifier_at(policy, revision);
}

Answer<Policies::Known> Policies::known_verifier(const PolicyRef& policy) {
  const std::uint64_t revision = forget_before(store_->last_revision());
  KEYSTONE_TRY(auto verifier, verifier_at(policy, revision));
  return Known{std::move(verifier), revision};
}

Answer<std::shared_ptr<const Verifier>> Policies::verifier_at(const PolicyRef& policy,
                                                              std::uint64_t revision) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = verifiers_.find(policy); known != verifiers_.end()) {
      return known->second;
    }
  }
  KEYSTONE_TRY(auto composed, stored(compose(policy)));
  const auto verifier = std::make_shared<const Verifier>(std::move(composed), keys_, tables_);
  const std::lock_guard lock(mutex_);
  if (revision == revision_) {
    make_room(verifiers_);
    verifiers_.insert_or_assign(policy, verifier);
  }
  return verifier;
}

Result<Policy> Policies::compose(const PolicyRef& ref) const {
  if (ref.revision == 0) {
    return Policy();
  }
  KEYSTONE_TRY(const auto document,
               store_->document_at(DocumentKind::policy, ref.name, ref.revision));
  if (!document) {
    return Policy();
  }
  KEYSTONE_TRY(const auto parsed, parse_policy_document(document->body));
  Policy policy = parsed.policy;
  KEYSTONE_CHECK_OK(add_devices(parsed, policy));
  KEYSTONE_CHECK_OK(add_reference_values(parsed, policy));
  return policy;
}

Status Policies::add_devices(const PolicyDocument& document, Policy& policy) const {
  if (document.all_devices) {
    return add_all_devices(policy);
  }
  for (const std::string& name : document.devices) {
    KEYSTONE_TRY(const auto found, store_->document(DocumentKind::device, name));
    if (found) {
      KEYSTONE_TRY(auto device, parse_device_document(name, found->body));
      policy.devices.push_back(std::move(device));
    }
  }
  return {};
}

Status Policies::add_all_devices(Policy& policy) const {
  std::string after;
  while (true) {
    KEYSTONE_TRY(const auto page, store_->documents(DocumentKind::device, after, page_));
    for (const Document& found : page) {
      KEYSTONE_TRY(auto device, parse_device_document(found.name, found.body));
      policy.devices.push_back(std::move(device));
    }
    if (page.size() < page_) {
      return {};
    }
    after = page.back().name;
  }
}

Status Policies::add_reference_values(const PolicyDocument& document, Policy& policy) const {
  for (const std::string& name : document.reference_values) {
    KEYSTONE_TRY(const auto found, store_->document(DocumentKind::reference_values, name));
    if (!found) {
      continue;
    }
    KEYSTONE_TRY(const auto golden, GoldenFile::parse(found->body));
    for (const GoldenEnclave& enclave : golden.enclaves) {
      policy.enclaves.push_back({name + "/" + enclave.name, enclave.profile, enclave.hash, {}, {}});
    }
    for (const GoldenSm& sm : golden.security_monitors) {
      policy.security_monitors.push_back({name + "/" + sm.name, sm.platform, sm.hash, {}, {}});
    }
  }
  return {};
}

}  // namespace keystone::server
