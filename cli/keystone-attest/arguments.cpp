// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/arguments.hpp"

#include "keystone-attest/spelling.hpp"
#include "keystone-attest/values.hpp"
#include "keystone-attest/verify_arguments.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/golden.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace keystone::cli::attest {
namespace {

Result<ReportInput> report_input(const Spelling& spelt) {
  ReportInput input{spelt.file, {std::nullopt, spelt.allow_trailing}};
  if (!spelt.input_format.empty()) {
    KEYSTONE_TRY(input.options.format, report_format("--input-format", spelt.input_format));
  }
  return input;
}

PolicyFile policy_file(const Spelling& spelt) {
  return {spelt.policy, spelt.drop_comments};
}

Result<Instant> now_of(const Spelling& spelt, Instant clock) {
  KEYSTONE_TRY(const auto given, instant_if_given("--now", spelt.now));
  return given.value_or(clock);
}

// Policies and golden files have the same rule for names.
Status check_name(const std::string& name) {
  const auto checked = check_golden_name(name);
  return checked ? Status() : Status(fail(checked.error().within("--name")));
}

Result<Revocation> revocation(const Spelling& spelt, Instant clock) {
  if (!is_plain_text(spelt.reason, Waivers::kMaxReason)) {
    return usage("--reason: got " + std::to_string(spelt.reason.size()) + " bytes, want 1 to " +
                 std::to_string(Waivers::kMaxReason) + " without control characters");
  }
  KEYSTONE_TRY(const auto now, now_of(spelt, clock));
  return Revocation{now, spelt.reason};
}

Result<Command> show_command(const Spelling& spelt, Instant) {
  KEYSTONE_TRY(auto input, report_input(spelt));
  return ReportShowCommand{spelt.common, std::move(input)};
}

Result<Command> convert_command(const Spelling& spelt, Instant) {
  KEYSTONE_TRY(auto input, report_input(spelt));
  KEYSTONE_TRY(const auto to, report_format("--to", spelt.to));
  return ReportConvertCommand{spelt.common, std::move(input), to};
}

Result<Command> scrub_command(const Spelling& spelt, Instant) {
  KEYSTONE_TRY(auto input, report_input(spelt));
  return ReportScrubCommand{spelt.common, std::move(input)};
}

Result<Command> verify(const Spelling& spelt, Instant clock) {
  KEYSTONE_TRY(auto input, report_input(spelt));
  KEYSTONE_TRY(const auto now, now_of(spelt, clock));
  KEYSTONE_TRY(auto command, verify_command(spelt, std::move(input), now));
  if (!spelt.batch && spelt.jobs.empty()) {
    return command;
  }
  KEYSTONE_TRY(auto batch, verify_batch_command(spelt, std::move(command)));
  return batch;
}

Result<Command> policy_check_command(const Spelling& spelt, Instant clock) {
  KEYSTONE_TRY(const auto now, now_of(spelt, clock));
  return PolicyCheckCommand{spelt.common, spelt.file, now};
}

Result<Command> reference_add_command(const Spelling& spelt, Instant) {
  for (const std::string& name : spelt.names) {
    KEYSTONE_CHECK_OK(check_name(name));
  }
  KEYSTONE_TRY(const auto limits, validity(spelt.not_before, spelt.not_after));
  return ReferenceAddCommand{spelt.common, policy_file(spelt), spelt.file, spelt.names, limits};
}

Result<Command> reference_list_command(const Spelling& spelt, Instant) {
  return ReferenceListCommand{spelt.common, spelt.policy};
}

Result<Command> reference_remove_command(const Spelling& spelt, Instant) {
  KEYSTONE_CHECK_OK(check_name(spelt.name));
  return ReferenceRemoveCommand{spelt.common, policy_file(spelt), spelt.name};
}

Result<Command> reference_revoke_command(const Spelling& spelt, Instant clock) {
  KEYSTONE_CHECK_OK(check_name(spelt.name));
  KEYSTONE_TRY(auto why, revocation(spelt, clock));
  return ReferenceRevokeCommand{spelt.common, policy_file(spelt), spelt.name, std::move(why)};
}

Result<Command> device_add_command(const Spelling& spelt, Instant) {
  KEYSTONE_CHECK_OK(check_name(spelt.name));
  KEYSTONE_TRY(const auto key, fixed_bytes<DevicePublicKey>("--key", spelt.key));
  KEYSTONE_TRY(const auto limits, validity(spelt.not_before, spelt.not_after));
  return DeviceAddCommand{spelt.common, policy_file(spelt), {spelt.name, key, limits, {}}};
}

Result<Command> device_list_command(const Spelling& spelt, Instant) {
  return DeviceListCommand{spelt.common, spelt.policy};
}

Result<Command> device_revoke_command(const Spelling& spelt, Instant clock) {
  KEYSTONE_CHECK_OK(check_name(spelt.name));
  KEYSTONE_TRY(auto why, revocation(spelt, clock));
  return DeviceRevokeCommand{spelt.common, policy_file(spelt), spelt.name, std::move(why)};
}

using Reader = Result<Command> (*)(const Spelling&, Instant);

Reader reader_of(const std::string& command) {
  constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"report show", show_command},
      {"report convert", convert_command},
      {"report scrub", scrub_command},
      {"verify", verify},
      {"policy check", policy_check_command},
      {"reference add", reference_add_command},
      {"reference list", reference_list_command},
      {"reference remove", reference_remove_command},
      {"reference revoke", reference_revoke_command},
      {"device add", device_add_command},
      {"device list", device_list_command},
      {"device revoke", device_revoke_command},
  };
  const auto* const found = std::find_if(std::begin(kReaders), std::end(kReaders),
                                         [&](const auto& row) { return row.first == command; });
  KEYSTONE_ASSERT(found != std::end(kReaders));
  return found->second;
}

Result<Command> command_of(const std::string& name, const Spelling& spelt, Instant clock) {
  if (name.starts_with("emulate ")) {
    KEYSTONE_TRY(auto command, emulate_command(name, spelt.common, spelt.emulate));
    return command;
  }
  if (name == "request") {
    KEYSTONE_TRY(auto command, request_command(spelt, clock));
    return command;
  }
  return reader_of(name)(spelt, clock);
}

}  // namespace

Result<Command> read_arguments(int argc, const char* const* argv, Instant clock) {
  CLI::App app("", "keystone-attest");
  Spelling spelt;
  declare_options(app, spelt);
  KEYSTONE_TRY(auto text, parse_line(app, argc, argv));
  if (text) {
    return *std::move(text);
  }
  auto command = command_of(chosen_command(app), spelt, clock);
  return command ? std::move(command)
                 : Result<Command>(fail(with_help(app, std::move(command).error())));
}

}  // namespace keystone::cli::attest
