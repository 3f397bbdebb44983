// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/verify_arguments.hpp"

#include "keystone-attest/values.hpp"

#include <algorithm>
#include <thread>

namespace keystone::cli::attest {
namespace {

constexpr NumberRange kMaxAge = {1, 24 * 60 * 60};  // seconds, as in policies
constexpr NumberRange kJobs = {1, 256};
constexpr std::string_view kEntryName = "command line";
constexpr std::string_view kDataWaiver =
    "expected data (--data) have no nonce and no time: the report may be a recording";

template <class Hash>
Status add_hashes(std::string_view option, const std::vector<std::string>& texts,
                  std::vector<ReferenceValue<Hash>>& entries) {
  for (const std::string& text : texts) {
    KEYSTONE_TRY(const auto hash, fixed_bytes<Hash>(option, text));
    entries.push_back({std::string(kEntryName), {}, hash, {}, {}});
  }
  return {};
}

Status add_waiver(std::string_view text, Waivers& waivers) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    return usage("--waive: got a check without a reason, want CHECK=REASON");
  }
  KEYSTONE_TRY(const auto check, parse_check("--waive", text.substr(0, equals)));
  const auto added = waivers.add(check, std::string(text.substr(equals + 1)));
  return added ? Status() : Status(fail(added.error().within("--waive")));
}

Result<Policy> additions(const Spelling& spelt) {
  Policy policy;
  for (const std::string& text : spelt.device_keys) {
    KEYSTONE_TRY(const auto key, fixed_bytes<DevicePublicKey>("--device-key", text));
    policy.devices.push_back({std::string(kEntryName), key, {}, {}});
  }
  KEYSTONE_CHECK_OK(add_hashes("--sm-hash", spelt.sm_hashes, policy.security_monitors));
  KEYSTONE_CHECK_OK(add_hashes("--enclave-hash", spelt.enclave_hashes, policy.enclaves));
  for (const std::string& text : spelt.waivers) {
    KEYSTONE_CHECK_OK(add_waiver(text, policy.waivers));
  }
  KEYSTONE_TRY(const auto max_age, number_if_given("--max-age", spelt.max_age, kMaxAge));
  if (max_age) {
    policy.max_age = std::chrono::seconds(static_cast<std::int64_t>(*max_age));
  }
  return policy;
}

Result<Nonce> nonce(std::string_view option, std::string_view text) {
  KEYSTONE_TRY(const auto bytes, hex_bytes(option, text));
  auto nonce = Nonce::from(bytes);
  return nonce ? std::move(nonce)
               : Result<Nonce>(usage(nonce.error().message, "--data takes data of any length"));
}

// What the data must be, without a time.
Result<Challenge> asked(const Spelling& spelt) {
  const auto given = !spelt.nonce.empty() + !spelt.nonce_prefix.empty() + !spelt.data.empty() +
                     !spelt.channel_binding.empty();
  if (given > 1) {
    return usage("--nonce, --nonce-prefix, --data and --channel-binding: choose one");
  }
  if (!spelt.nonce.empty()) {
    KEYSTONE_TRY(auto exact, nonce("--nonce", spelt.nonce));
    return Challenge::exact_nonce(std::move(exact));
  }
  if (!spelt.nonce_prefix.empty()) {
    KEYSTONE_TRY(auto prefix, nonce("--nonce-prefix", spelt.nonce_prefix));
    return Challenge::nonce_prefix(std::move(prefix));
  }
  if (!spelt.channel_binding.empty()) {
    KEYSTONE_TRY(const auto binding,
                 fixed_bytes<ChannelBinding>("--channel-binding", spelt.channel_binding));
    return Challenge::bound_to(binding);
  }
  if (!spelt.data.empty()) {
    KEYSTONE_TRY(const auto data, hex_bytes("--data", spelt.data));
    return Challenge::exact_data(data);
  }
  return Challenge::none();
}

Result<Challenge> challenge(const Spelling& spelt) {
  KEYSTONE_TRY(const auto asked_for, asked(spelt));
  KEYSTONE_TRY(const auto issued, instant_if_given("--issued", spelt.issued));
  KEYSTONE_TRY(const auto expires, instant_if_given("--expires", spelt.expires));
  if (!issued && !expires) {
    return asked_for;
  }
  if (std::holds_alternative<Challenge::Nothing>(asked_for.asked())) {
    return usage("--issued and --expires: got a time without a challenge",
                 "--nonce, --nonce-prefix, --data or --channel-binding says what was asked for");
  }
  if (!issued) {
    return usage("--expires: got an end without a start, want --issued too");
  }
  if (expires && *expires < *issued) {
    return usage("--expires: got " + to_string(*expires) +
                 ", want a time that is not before --issued");
  }
  return asked_for.at({*issued, expires});
}

}  // namespace

Result<VerifyCommand> verify_command(const Spelling& spelt, ReportInput input, Instant now) {
  if (input.file == "-" && spelt.policy == "-") {
    return usage("standard input can be one of the inputs only");
  }
  KEYSTONE_TRY(auto added, additions(spelt));
  if (spelt.policy.empty() && added.devices.empty() && added.security_monitors.empty() &&
      added.enclaves.empty()) {
    return usage("got nothing to verify by, want --policy",
                 "or --device-key, --sm-hash and --enclave-hash");
  }
  KEYSTONE_TRY(auto asked_for, challenge(spelt));
  const bool waives = !spelt.data.empty() && !asked_for.time();
  return VerifyCommand{spelt.common,
                       std::move(input),
                       spelt.policy,
                       std::move(added),
                       std::move(asked_for),
                       waives ? std::string(kDataWaiver) : "",
                       now};
}

Result<VerifyBatchCommand> verify_batch_command(const Spelling& spelt, VerifyCommand command) {
  if (!spelt.batch) {
    return usage("--jobs: got a number of threads without --batch");
  }
  if (!std::holds_alternative<Challenge::Nothing>(command.challenge.asked())) {
    return usage("--batch: got a challenge for all reports, want one in each line");
  }
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  KEYSTONE_TRY(const auto jobs, number_if_given("--jobs", spelt.jobs, kJobs));
  return VerifyBatchCommand{spelt.common, std::move(command),
                            static_cast<unsigned>(jobs.value_or(cores))};
}

}  // namespace keystone::cli::attest
