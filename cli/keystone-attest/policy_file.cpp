// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/policy_file.hpp"

#include "common/kept_file.hpp"
#include "keystone/base/json.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

template <class Entry>
void append(std::vector<Entry>& entries, const std::vector<Entry>& more) {
  entries.insert(entries.end(), more.begin(), more.end());
}

std::optional<std::chrono::seconds> shorter(std::optional<std::chrono::seconds> a,
                                            std::optional<std::chrono::seconds> b) {
  return a && b ? std::min(a, b) : (a ? a : b);
}

Status add_waivers(Policy& policy, const VerifyCommand& command) {
  for (const auto& [check, reason] : command.additions.waivers.all()) {
    if (const auto added = policy.waivers.add(check, reason); !added) {
      return fail(added.error().within("--waive"));
    }
  }
  if (!command.freshness_waiver.empty() && policy.waivers.find(Check::freshness) == nullptr) {
    return policy.waivers.add(Check::freshness, command.freshness_waiver);
  }
  return {};
}

Status check_complete(const Policy& policy, const std::string& file) {
  const auto complete = policy.check_complete();
  if (complete) {
    return {};
  }
  if (file.empty()) {
    return usage(complete.error().message,
                 "--device-key, --sm-hash and --enclave-hash say what is trusted and expected");
  }
  return fail(complete.error().within(file));
}

bool has_comments(const std::string& text) {
  return !parse_json_object(text) && parse_json_object(text, {.comments = true});
}

Status check_no_comments(const PolicyFile& file, const std::string& text) {
  if (file.drop_comments || !has_comments(text)) {
    return {};
  }
  return usage(file.path + ": has comments, which rewriting it would lose",
               "--drop-comments rewrites it without them");
}

}  // namespace

Result<Policy> policy_for(const VerifyCommand& command) {
  Policy policy;
  if (!command.policy.empty()) {
    KEYSTONE_TRY(policy, read_kept(command.policy, Policy::parse_draft));
  }
  const Policy& more = command.additions;
  append(policy.devices, more.devices);
  append(policy.security_monitors, more.security_monitors);
  append(policy.enclaves, more.enclaves);
  policy.max_age = shorter(policy.max_age, more.max_age);
  KEYSTONE_CHECK_OK(add_waivers(policy, command));
  KEYSTONE_CHECK_OK(check_complete(policy, command.policy));
  return policy;
}

Result<Edited> edit_policy(const PolicyFile& file, bool may_be_new,
                           const std::function<Result<bool>(Policy&)>& edit) {
  if (file.path == "-") {
    return usage("--policy: a policy that is changed needs a path, not standard input");
  }
  KEYSTONE_TRY(const auto folder, folder_of(file.path));
  KEYSTONE_TRY(const auto lock, FolderLock::take(folder));
  std::string text;
  Policy policy;
  if (!may_be_new || is_there(file.path)) {
    KEYSTONE_TRY(text, read_text(file.path));
    auto parsed = Policy::parse_draft(text);
    if (!parsed) {
      return fail(parsed.error().within(file.path));
    }
    policy = *std::move(parsed);
  }
  KEYSTONE_TRY(const bool changed, edit(policy));
  if (changed) {
    KEYSTONE_CHECK_OK(check_no_comments(file, text));
    KEYSTONE_TRY(const auto new_text, policy.serialize());
    if (const auto read_again = Policy::parse_draft(new_text); !read_again) {
      return fail(read_again.error().within(file.path));  // it would be too large to read
    }
    KEYSTONE_CHECK_OK(write_kept(file.path, new_text));
  }
  return Edited{changed, std::move(policy)};
}

}  // namespace keystone::cli::attest
