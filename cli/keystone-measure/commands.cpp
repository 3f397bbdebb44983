// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/commands.hpp"

#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/kept_file.hpp"
#include "common/program.hpp"
#include "keystone-measure/asking_commands.hpp"
#include "keystone-measure/image_command.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

// One overload for each command.
class Runner {
 public:
  explicit Runner(const Console& console) : console_(console) {}

  Result<int> operator()(const PrintCommand& command) const {
    return done(write_answer("", command.text));
  }

  Result<int> operator()(const EnclaveCommand& command) const {
    const EnclaveRequest& request = command.request;
    KEYSTONE_CHECK_OK(
        refuse_overwriting(command.common.output, {request.eapp, request.runtime, request.loader}));
    KEYSTONE_TRY(const auto record, measure_enclave(command));
    console_.notes(record.notes);
    console_.warnings(record.warnings);
    return done(write_answer(command.common.output, render(record, command.format)));
  }

  Result<int> operator()(const SmCommand& command) const {
    KEYSTONE_CHECK_OK(refuse_overwriting(command.common.output, {command.request.image}));
    KEYSTONE_TRY(const auto record, measure_sm(command));
    console_.notes(record.notes);
    console_.warnings(record.warnings);
    return done(write_answer(command.common.output, render(record, command.format)));
  }

  Result<int> operator()(const ImageCommand& command) const {
    return done(write_image(command, console_));
  }

  Result<int> operator()(const ExplainCommand& command) const {
    return explain_enclave(command, console_);
  }

  Result<int> operator()(const DiffCommand& command) const {
    return diff_enclaves(command, console_);
  }

  Result<int> operator()(const DiagnoseCommand& command) const { return diagnose(command); }

  Result<int> operator()(const ProfilesCommand& command) const {
    return done(write_answer(command.common.output, render_profiles(command.common.json)));
  }

  Result<int> operator()(const PlatformsCommand& command) const {
    return done(write_answer(command.common.output, render_platforms(command.common.json)));
  }

  Result<int> operator()(const GoldenAddCommand& command) const;
  Result<int> operator()(const GoldenRemoveCommand& command) const;
  Result<int> operator()(const GoldenUpdateCommand& command) const;
  Result<int> operator()(const GoldenCheckCommand& command) const;

 private:
  // Each in a scope of its own, so that the progress bar is gone before anything is printed.
  Result<EnclaveRecord> measure_enclave(const EnclaveCommand& command) const {
    Progress progress(!command.common.quiet);
    return measure_enclave_files(command.request, {command.format == Format::json, &progress});
  }

  Result<SmRecord> measure_sm(const SmCommand& command) const {
    Progress progress(!command.common.quiet);
    return measure_sm_file(command.request, {command.format == Format::json, &progress});
  }

  Result<std::vector<EntryOutcome>> check(const GoldenCheckCommand& command) const {
    KEYSTONE_TRY(const auto place,
                 GoldenPlace::of(command.golden.file, command.golden.allow_outside));
    KEYSTONE_TRY(const auto golden, read_kept(command.golden.file, GoldenFile::parse));
    auto files = input_files(golden, place);
    files.push_back(command.golden.file);
    KEYSTONE_CHECK_OK(refuse_overwriting(command.golden.common.output, files));
    Progress progress(!command.golden.common.quiet);
    auto outcomes = check_golden(golden, place, command.jobs, progress);
    if (outcomes.empty()) {  // a check of nothing must not pass for a check, in any format
      outcomes.push_back(
          {"file", command.golden.file, EntryState::mismatch, "no entries: nothing was checked"});
    }
    return outcomes;
  }

  const Console& console_;
};

template <class Entry>
bool has_entry(const std::vector<Entry>& entries, const std::string& name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.name == name; });
}

bool has_entry(const GoldenFile& golden, const std::string& name) {
  return has_entry(golden.enclaves, name) || has_entry(golden.security_monitors, name);
}

// Puts the new entry among the others, and says what there is to say about it.
template <class Entry>
Status add_to(std::vector<Entry>& entries, Result<MadeEntry<Entry>> made, const Console& console) {
  if (!made) {
    return fail(made.error());
  }
  console.notes(made->notes);
  console.warnings(made->warnings);
  entries.push_back(std::move(made->entry));
  return {};
}

Status add_entry(GoldenFile& golden, const GoldenAddCommand& command, const GoldenPlace& place,
                 const Console& console) {
  const auto* const enclave = std::get_if<EnclaveRequest>(&command.request);
  const auto make = [&](const auto& request) {
    Progress progress(!command.golden.common.quiet);
    return make_entry(command.name, request, place, progress);
  };
  return enclave != nullptr ? add_to(golden.enclaves, make(*enclave), console)
                            : add_to(golden.security_monitors,
                                     make(std::get<SmRequest>(command.request)), console);
}

Result<int> Runner::operator()(const GoldenAddCommand& command) const {
  const GoldenArguments& arguments = command.golden;
  KEYSTONE_TRY(const auto place, GoldenPlace::of(arguments.file, arguments.allow_outside));
  KEYSTONE_TRY(const auto lock, FolderLock::take(place.folder()));
  KEYSTONE_TRY(auto golden, read_kept_or_new(arguments.file, GoldenFile::parse));
  if (has_entry(golden, command.name)) {
    return fail(ErrorCode::usage, "--name: there is an entry '" + command.name + "' already",
                "golden update measures it again; golden remove makes room");
  }
  KEYSTONE_CHECK_OK(add_entry(golden, command, place, console_));
  return done(write_golden(arguments.file, golden));
}

Result<int> Runner::operator()(const GoldenRemoveCommand& command) const {
  const std::string& file = command.golden.file;
  KEYSTONE_TRY(const auto place, GoldenPlace::of(file, command.golden.allow_outside));
  KEYSTONE_TRY(const auto lock, FolderLock::take(place.folder()));
  KEYSTONE_TRY(auto golden, read_kept(file, GoldenFile::parse));
  const auto has_name = [&](const auto& entry) { return entry.name == command.name; };
  if (std::erase_if(golden.enclaves, has_name) +
          std::erase_if(golden.security_monitors, has_name) ==
      0) {
    return fail(ErrorCode::usage, "--name: there is no entry '" + command.name + "'");
  }
  return done(write_golden(file, golden));
}

Result<int> Runner::operator()(const GoldenUpdateCommand& command) const {
  const GoldenArguments& arguments = command.golden;
  KEYSTONE_TRY(const auto place, GoldenPlace::of(arguments.file, arguments.allow_outside));
  KEYSTONE_TRY(const auto lock, FolderLock::take(place.folder()));
  KEYSTONE_TRY(const auto golden, read_kept(arguments.file, GoldenFile::parse));
  Progress progress(!arguments.common.quiet);
  KEYSTONE_TRY(const auto updated, update_golden(golden, place, progress));
  return done(write_golden(arguments.file, updated));
}

Result<int> Runner::operator()(const GoldenCheckCommand& command) const {
  const GoldenArguments& arguments = command.golden;
  KEYSTONE_TRY(const auto outcomes, check(command));
  KEYSTONE_CHECK_OK(
      write_answer(arguments.common.output, render(outcomes, arguments.file, command.format)));
  const auto all_of = [&](auto predicate) {
    return std::all_of(outcomes.begin(), outcomes.end(), predicate);
  };
  if (all_of([](const EntryOutcome& outcome) { return outcome.state == EntryState::match; })) {
    return kExitDone;
  }
  // An entry that could not be measured outweighs one that differs: the question stays open.
  return all_of([](const EntryOutcome& outcome) { return outcome.state != EntryState::error; })
             ? kExitNo
             : kExitInput;
}

}  // namespace

Result<int> run(const Command& command, const Console& console) {
  return std::visit(Runner(console), command);
}

int run_measure(int argc, const char* const* argv) {
  return run_program("keystone-measure", argc, argv, [&]() -> Result<Task> {
    KEYSTONE_TRY(auto command, read_arguments(argc, argv));
    // An answer in JSON has the notes and warnings in it.
    const bool quiet = is_quiet(command) || wants_json_errors(argc, argv);
    return Task{quiet, [chosen = std::move(command)](const Console& console) {
                  return run(chosen, console);
                }};
  });
}

}  // namespace keystone::cli
