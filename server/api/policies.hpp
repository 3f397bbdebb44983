// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/documents_format.hpp"
#include "api/problem.hpp"
#include "api/session.hpp"
#include "keystone/crypto/key_tables.hpp"
#include "keystone/verifier/verifier.hpp"
#include "store/store.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace keystone::server {

// The policies of a store, and a verifier for each as its devices and reference values are now. A
// policy counts in the revision that was fixed; a device or golden file as it stands when a report
// is appraised, so that a revocation counts at once. Thread-safe.
class Policies {
 public:
  // `page`: how many documents are asked for at a time, 1 to 1000.
  explicit Policies(std::shared_ptr<Store> store, std::size_t page = 1000)
      : store_(std::move(store)), page_(page) {}

  // The policy of that name in its present revision; nothing if there is none.
  [[nodiscard]] Answer<std::optional<PolicyRef>> find(const std::string& name);

  // The one that a client means: of that name, 400 if there is none, or, for a null pointer, the
  // one named `default`, and else no policy.
  [[nodiscard]] Answer<PolicyRef> choose(const std::string* name);

  // The verifier by that policy. Of no policy, and of one that the store no longer has, it is one
  // that accepts nothing.
  [[nodiscard]] Answer<std::shared_ptr<const Verifier>> verifier(const PolicyRef& policy);

  // The same without asking the store what is newest: of the revision of all documents that this
  // node knows of. Its verdict counts if that still is the revision when it is settled.
  struct Known {
    std::shared_ptr<const Verifier> verifier;
    std::uint64_t revision;
  };
  [[nodiscard]] Answer<Known> known_verifier(const PolicyRef& policy);

 private:
  // Forgets what was read before the last change of any document; the revision of that.
  [[nodiscard]] Result<std::uint64_t> refresh();
  // Likewise before `revision`, which may be older than what is known.
  std::uint64_t forget_before(std::uint64_t revision);
  [[nodiscard]] Answer<std::shared_ptr<const Verifier>> verifier_at(const PolicyRef& policy,
                                                                    std::uint64_t revision);
  [[nodiscard]] Result<Policy> compose(const PolicyRef& ref) const;
  [[nodiscard]] Status add_devices(const PolicyDocument& document, Policy& policy) const;
  [[nodiscard]] Status add_all_devices(Policy& policy) const;
  [[nodiscard]] Status add_reference_values(const PolicyDocument& document, Policy& policy) const;

  const std::shared_ptr<Store> store_;
  const std::size_t page_;
  // Shared by all verifiers: bounded once, and kept when a document changes.
  KeyCache keys_;
  KeyTables tables_;
  std::mutex mutex_;
  std::uint64_t revision_ = 0;  // of the store, when what follows was read
  std::map<std::string, PolicyRef, std::less<>> current_;
  std::map<PolicyRef, std::shared_ptr<const Verifier>> verifiers_;
};

}  // namespace keystone::server
