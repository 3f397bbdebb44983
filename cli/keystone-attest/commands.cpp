// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/commands.hpp"

#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/input_file.hpp"
#include "common/kept_file.hpp"
#include "common/program.hpp"
#include "keystone-attest/policy_edit.hpp"
#include "keystone-attest/policy_file.hpp"
#include "keystone-attest/render.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone-attest/verify_batch.hpp"
#include "keystone/verifier/verifier.hpp"

namespace keystone::cli::attest {
namespace {

// One overload for each command.
class Runner {
 public:
  explicit Runner(const Console& console) : console_(console) {}

  Result<int> operator()(const PrintCommand& command) const {
    return done(write_answer("", command.text));
  }

  Result<int> operator()(const ReportShowCommand& command) const {
    const std::string& output = command.common.output;
    KEYSTONE_CHECK_OK(refuse_overwriting(output, {command.input.file}));
    KEYSTONE_TRY(const auto report, read_report(command.input));
    const auto warnings = warnings_about(report);
    if (command.common.json) {
      return done(write_answer(output, show_report_json(report, warnings)));
    }
    console_.warnings(warnings);
    return done(write_answer(output, show_report(report)));
  }

  Result<int> operator()(const ReportConvertCommand& command) const {
    KEYSTONE_TRY(const auto report, read_to_write(command.common.output, command.input));
    return write_report(command.common.output, report, command.to);
  }

  Result<int> operator()(const ReportScrubCommand& command) const {
    KEYSTONE_TRY(const auto report, read_to_write(command.common.output, command.input));
    return write_report(command.common.output, report, report.format());
  }

  Result<int> operator()(const EmulateCommand& command) const { return command.run(console_); }
  Result<int> operator()(const RequestCommand& command) const { return command.run(console_); }

  Result<int> operator()(const VerifyCommand& command) const;
  Result<int> operator()(const VerifyBatchCommand& command) const;
  Result<int> operator()(const PolicyCheckCommand& command) const;
  Result<int> operator()(const ReferenceAddCommand& command) const;
  Result<int> operator()(const ReferenceListCommand& command) const;
  Result<int> operator()(const ReferenceRemoveCommand& command) const;
  Result<int> operator()(const ReferenceRevokeCommand& command) const;
  Result<int> operator()(const DeviceAddCommand& command) const;
  Result<int> operator()(const DeviceListCommand& command) const;
  Result<int> operator()(const DeviceRevokeCommand& command) const;

 private:
  static Result<Report> read_to_write(const std::string& output, const ReportInput& input) {
    KEYSTONE_CHECK_OK(refuse_overwriting(output, {input.file}));
    return read_report(input);
  }

  static Result<int> write_report(const std::string& output, const Report& report,
                                  ReportFormat format) {
    KEYSTONE_CHECK_OK(refuse_terminal(output, format));
    return done(write_answer(output, encode(report, format)));
  }

  template <class ListCommand>
  static Result<int> list(const ListCommand& command, std::string (*text)(const Policy&),
                          Result<std::string> (*json)(const Policy&)) {
    const CommonArguments& common = command.common;
    KEYSTONE_CHECK_OK(refuse_overwriting(common.output, {command.policy}));
    KEYSTONE_TRY(const auto policy, read_kept(command.policy, Policy::parse_draft));
    KEYSTONE_TRY(const auto answer, common.json ? json(policy) : Result<std::string>(text(policy)));
    return done(write_answer(common.output, answer));
  }

  // What the policy still lacks.
  void note_what_lacks(const PolicyFile& file, const Policy& policy) const {
    if (const auto complete = policy.check_complete(); !complete) {
      console_.notes({file.path + ": " + complete.error().message});
    }
  }

  Result<int> edit(const PolicyFile& file, bool may_be_new,
                   const std::function<Result<bool>(Policy&)>& change) const {
    KEYSTONE_TRY(const auto edited, edit_policy(file, may_be_new, change));
    if (!edited.changed) {
      console_.notes({file.path + ": unchanged: it says so already"});
    }
    note_what_lacks(file, edited.policy);
    return kExitDone;
  }

  const Console& console_;
};

Result<int> Runner::operator()(const VerifyCommand& command) const {
  const CommonArguments& common = command.common;
  KEYSTONE_CHECK_OK(refuse_overwriting(common.output, {command.input.file, command.policy}));
  KEYSTONE_TRY(auto policy, policy_for(command));
  KEYSTONE_TRY(const auto report, read_report(command.input));
  console_.warnings(warnings_about(report));
  const Verdict verdict =
      Verifier(std::move(policy)).verify({report}, command.challenge, command.now);
  if (common.json) {
    KEYSTONE_CHECK_OK(write_answer(common.output, to_json(verdict)));
  } else if (common.quiet) {
    KEYSTONE_CHECK_OK(write_answer(common.output, summary(verdict) + "\n"));
  } else {
    KEYSTONE_CHECK_OK(
        write_answer(common.output, show_verdict(verdict, may_have_colours(common.output))));
    console_.hints(hints_about(verdict));
  }
  return verdict.accepted() ? kExitDone : kExitNo;
}

Result<int> Runner::operator()(const VerifyBatchCommand& command) const {
  const std::string& output = command.common.output;
  const std::string& file = command.verify.input.file;
  KEYSTONE_CHECK_OK(refuse_overwriting(output, {file, command.verify.policy}));
  KEYSTONE_TRY(auto policy, policy_for(command.verify));
  Progress progress(!command.common.quiet);
  KEYSTONE_TRY(const auto opened, open_limited(file, kMaxBatchFile, &progress));
  KEYSTONE_TRY(const BatchAnswer answer, verify_lines(*opened, command, std::move(policy)));
  KEYSTONE_CHECK_OK(write_answer(output, answer.text));
  console_.notes({std::to_string(answer.accepted) + " accepted, " +
                  std::to_string(answer.rejected) + " rejected, " +
                  std::to_string(answer.malformed) + " malformed"});
  return answer.exit_code;
}

Result<int> Runner::operator()(const PolicyCheckCommand& command) const {
  const std::string& output = command.common.output;
  KEYSTONE_CHECK_OK(refuse_overwriting(output, {command.policy}));
  KEYSTONE_TRY(const auto policy, read_kept(command.policy, Policy::parse));
  const PolicyState state = check_policy(policy, command.now);
  if (command.common.json) {
    return done(write_answer(output, show_policy_json(policy, state)));
  }
  console_.warnings(state.warnings);
  return done(write_answer(output, show_policy(policy, state)));
}

Result<int> Runner::operator()(const ReferenceAddCommand& command) const {
  KEYSTONE_TRY(const auto golden, read_kept(command.golden, GoldenFile::parse));
  return edit(command.policy, true, [&](Policy& policy) {
    return add_references(policy, golden, command.names, command.validity);
  });
}

Result<int> Runner::operator()(const ReferenceListCommand& command) const {
  return list(command, list_references, list_references_json);
}

Result<int> Runner::operator()(const ReferenceRemoveCommand& command) const {
  return edit(command.policy, false,
              [&](Policy& policy) { return remove_reference(policy, command.name); });
}

Result<int> Runner::operator()(const ReferenceRevokeCommand& command) const {
  return edit(command.policy, false, [&](Policy& policy) {
    return revoke_reference(policy, command.name, command.revocation);
  });
}

Result<int> Runner::operator()(const DeviceAddCommand& command) const {
  console_.warnings(warnings_about(command.device));
  return edit(command.policy, true,
              [&](Policy& policy) { return add_device(policy, command.device); });
}

Result<int> Runner::operator()(const DeviceListCommand& command) const {
  return list(command, list_devices, list_devices_json);
}

Result<int> Runner::operator()(const DeviceRevokeCommand& command) const {
  return edit(command.policy, false, [&](Policy& policy) {
    return revoke_device(policy, command.name, command.revocation);
  });
}

}  // namespace

Result<int> run(const Command& command, const Console& console) {
  return std::visit(Runner(console), command);
}

int run_attest(int argc, const char* const* argv, Instant clock) {
  return run_program("keystone-attest", argc, argv, [&]() -> Result<Task> {
    KEYSTONE_TRY(auto command, read_arguments(argc, argv, clock));
    return Task{is_quiet(command), [chosen = std::move(command)](const Console& console) {
                  return run(chosen, console);
                }};
  });
}

}  // namespace keystone::cli::attest
