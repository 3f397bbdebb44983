// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"
#include "common/console.hpp"
#include "common/exit_codes.hpp"
#include "common/input_file.hpp"
#include "common/json_text.hpp"
#include "keystone-measure/asking_commands.hpp"
#include "keystone-measure/measured_file.hpp"
#include "keystone/measure/diagnose.hpp"
#include "keystone/report/report.hpp"

#include <chrono>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxReportFile = std::uint64_t{64} << 10U;  // bytes

// Both kinds of diagnosis, as they are shown.
struct Finding {
  std::optional<Attempt> match;
  std::size_t attempts;
  std::vector<RefusedAttempt> refused;
  std::string hint;  // where nothing matches
  bool is_cut;       // the time was over before all was tried
};

template <class Hash, class FromReport>
Result<Hash> seen_hash(const SeenHash& seen, FromReport from_report) {
  if (seen.report.empty()) {
    auto hash = Hash::from_hex("--hash", seen.hash);
    return hash ? hash : Result<Hash>(fail(ErrorCode::usage, hash.error().message));
  }
  KEYSTONE_TRY(const auto bytes, read_file(seen.report, kMaxReportFile));
  const auto report = Report::parse(bytes, {.format = {}, .allow_trailing = true});
  if (!report) {
    return fail(report.error().within(seen.report));
  }
  return from_report(*report);
}

using Clock = std::chrono::steady_clock;

// One search: shows how far it is, and ends it when its time is over.
class Search {
 public:
  explicit Search(const DiagnoseCommand& command)
      : progress_(!command.common.quiet, "hashes"), end_(Clock::now() + command.time_limit) {}

  AttemptProgress progress() {
    return [this](std::size_t done, std::size_t total) {
      progress_.show(done, total);
      is_over_ = Clock::now() >= end_;
      return !is_over_;
    };
  }

  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  CountedProgress progress_;
  Clock::time_point end_;
  bool is_over_ = false;
};

Result<Finding> diagnose_enclave_files(const DiagnoseCommand& command) {
  KEYSTONE_TRY(const auto seen, seen_hash<EnclaveHash>(command.seen, [](const Report& report) {
                 return report.enclave_hash();
               }));
  KEYSTONE_TRY(auto eapp, MeasuredFile::open("eapp", command.eapp, {}));
  KEYSTONE_TRY(auto runtime, MeasuredFile::open("runtime", command.runtime, {}));
  std::optional<MeasuredFile> loader;
  if (!command.loader.empty()) {
    KEYSTONE_TRY(loader, MeasuredFile::open("loader", command.loader, {}));
  }
  Search search(command);
  KEYSTONE_TRY(auto diagnosis, diagnose_enclave({eapp, runtime, loader ? &*loader : nullptr}, seen,
                                                search.progress()));
  KEYSTONE_CHECK_OK(eapp.finish());
  KEYSTONE_CHECK_OK(runtime.finish());
  if (loader) {
    KEYSTONE_CHECK_OK(loader->finish());
  }
  return Finding{std::move(diagnosis.match), diagnosis.attempts, std::move(diagnosis.refused),
                 loader ? "these may not be the files: a stripped or rebuilt one has another hash"
                        : "no --loader was given: profiles that need one were left out",
                 search.is_over()};
}

Result<Finding> diagnose_sm_file(const DiagnoseCommand& command) {
  KEYSTONE_TRY(const auto seen, seen_hash<SmHash>(command.seen, [](const Report& report) {
                 return report.sm_hash();
               }));
  KEYSTONE_TRY(auto image, MeasuredFile::open("image", command.sm, {}));
  Search search(command);
  KEYSTONE_TRY(auto diagnosis, diagnose_sm(image, seen, search.progress()));
  KEYSTONE_CHECK_OK(image.finish());
  return Finding{std::move(diagnosis.match), diagnosis.attempts, std::move(diagnosis.refused),
                 "this may not be the firmware, or the board has a boot ROM of its own",
                 search.is_over()};
}

std::string name_of(const Attempt& attempt) {
  const bool has_both = !attempt.profile.empty() && !attempt.description.empty();
  return attempt.profile + (has_both ? ": " : "") + attempt.description;
}

std::string text_of(const Finding& finding) {
  const std::string count = std::to_string(finding.attempts) + " hashes compared";
  if (finding.match) {
    return "match: " + name_of(*finding.match) + "\noptions: " + finding.match->options + "\n";
  }
  std::string text = (finding.is_cut ? "no match in time: " : "no match: ") + count + "\n";
  for (const RefusedAttempt& refused : finding.refused) {
    text += "refused: " + name_of(refused.attempt) + ": " + one_line(refused.why) + "\n";
  }
  return text + "hint: " +
         (finding.is_cut ? "not everything was tried: --time-limit gives more time"
                         : finding.hint) +
         "\n";
}

std::string json_of(const Finding& finding) {
  Json match = nullptr;
  if (finding.match) {
    match = {{"name", finding.match->profile},
             {"description", finding.match->description},
             {"options", finding.match->options}};
  }
  Json refused = Json::array();
  for (const RefusedAttempt& attempt : finding.refused) {
    refused.push_back({{"name", attempt.attempt.profile},
                       {"description", attempt.attempt.description},
                       {"why", attempt.why}});
  }
  return json_text({{"schema", "keystone.diagnosis/1"},
                    {"matched", finding.match.has_value()},
                    {"match", std::move(match)},
                    {"complete", !finding.is_cut},
                    {"hashes_compared", finding.attempts},
                    {"refused", std::move(refused)}});
}

}  // namespace

Result<int> diagnose(const DiagnoseCommand& command) {
  KEYSTONE_CHECK_OK(refuse_overwriting(
      command.common.output,
      {command.eapp, command.runtime, command.loader, command.sm, command.seen.report}));
  KEYSTONE_TRY(const auto finding,
               command.sm.empty() ? diagnose_enclave_files(command) : diagnose_sm_file(command));
  KEYSTONE_CHECK_OK(write_answer(command.common.output,
                                 command.common.json ? json_of(finding) : text_of(finding)));
  if (finding.match) {
    return kExitDone;
  }
  return finding.is_cut ? kExitInput : kExitNo;  // where the question stays open
}

}  // namespace keystone::cli
