// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_check.hpp"

#include "common/console.hpp"
#include "keystone-measure/golden_measure.hpp"
#include "keystone/base/assert.hpp"

#include <optional>

namespace keystone::cli {
namespace {

// --- comparing -------------------------------------------------------------------------------

using InputPair = std::pair<std::string_view, std::pair<const GoldenInput*, const GoldenInput*>>;

std::string changed_inputs(const std::vector<InputPair>& inputs) {
  std::string text;
  for (const auto& [role, pair] : inputs) {
    const auto& [recorded, now] = pair;
    if (recorded->sha256 != now->sha256) {
      text += (text.empty() ? "" : ", ") + std::string(role) + " " + recorded->path +
              " changed (sha256 got " + now->sha256.hex() + ", want " + recorded->sha256.hex() +
              ")";
    }
  }
  return text;
}

std::vector<InputPair> inputs_of(const GoldenEnclave& recorded, const GoldenEnclave& now) {
  std::vector<InputPair> inputs = {{"eapp", {&recorded.eapp, &now.eapp}},
                                   {"runtime", {&recorded.runtime, &now.runtime}}};
  if (recorded.loader) {
    inputs.push_back({"loader", {&*recorded.loader, &*now.loader}});
  }
  return inputs;
}

std::vector<InputPair> inputs_of(const GoldenSm& recorded, const GoldenSm& now) {
  return {{"image", {&recorded.image, &now.image}}};
}

constexpr std::string_view kind_of(const GoldenEnclave&) {
  return "enclave";
}
constexpr std::string_view kind_of(const GoldenSm&) {
  return "sm";
}

template <class Entry>
EntryOutcome compare(const Entry& recorded, const Result<Entry>& now) {
  EntryOutcome outcome{kind_of(recorded), recorded.name, EntryState::error, {}};
  if (!now) {
    const Error& error = now.error();
    outcome.detail = one_line(error.message + (error.hint.empty() ? "" : "; " + error.hint));
    return outcome;
  }
  const std::string changed = changed_inputs(inputs_of(recorded, *now));
  if (now->hash == recorded.hash) {
    outcome.state = EntryState::match;
    outcome.detail = changed.empty() ? "" : changed + "; the hash is the same";
    return outcome;
  }
  outcome.state = EntryState::mismatch;
  outcome.detail = "hash got " + now->hash.hex() + ", want " + recorded.hash.hex() + ": " +
                   (changed.empty() ? "no input changed, only the recorded hash differs" : changed);
  return outcome;
}

template <class Entry>
void compare(const std::vector<Entry>& entries, const std::vector<Result<Entry>>& now,
             std::vector<EntryOutcome>& outcomes) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    outcomes.push_back(compare(entries[i], now[i]));
  }
}

template <class Entry>
Result<std::vector<Entry>> all_of(const std::vector<Entry>& entries,
                                  const std::vector<Result<Entry>>& now) {
  std::vector<Entry> all;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!now[i]) {
      return fail(now[i].error().within(std::string(kind_of(entries[i])) + " " + entries[i].name));
    }
    all.push_back(*now[i]);
  }
  return all;
}

}  // namespace

GoldenInput golden_input(const InputRecord& record, std::string path) {
  KEYSTONE_ASSERT(record.sha256.has_value());
  return {std::move(path), *record.sha256};
}

Result<EnclaveRequest> request_of(const GoldenEnclave& entry, const GoldenPlace& place) {
  EnclaveRequest request;
  KEYSTONE_TRY(request.profile, profile_from_name(entry.profile));
  KEYSTONE_TRY(request.eapp, place.resolve(entry.eapp.path));
  KEYSTONE_TRY(request.runtime, place.resolve(entry.runtime.path));
  const bool wants_loader = info(request.profile).scheme == Scheme::loader;
  if (wants_loader != entry.loader.has_value()) {
    return fail(ErrorCode::malformed,
                "profile " + entry.profile + (wants_loader ? " needs a loader" : " has no loader"));
  }
  if (entry.loader) {
    KEYSTONE_TRY(request.loader, place.resolve(entry.loader->path));
  }
  request.loader_raw = entry.loader_raw;
  request.page_walk = entry.page_walk;
  return request;
}

std::string_view to_string(EntryState state) {
  switch (state) {
    case EntryState::match:
      return "match";
    case EntryState::mismatch:
      return "mismatch";
    case EntryState::error:
      return "error";
  }
  KEYSTONE_ASSERT(false);
}

std::vector<EntryOutcome> check_golden(const GoldenFile& golden, const GoldenPlace& place,
                                       unsigned jobs, Progress& progress) {
  const MeasuredAgain now = measure_again(golden, place, jobs, progress);
  std::vector<EntryOutcome> outcomes;
  compare(golden.enclaves, now.enclaves, outcomes);
  compare(golden.security_monitors, now.security_monitors, outcomes);
  return outcomes;
}

Result<GoldenFile> update_golden(const GoldenFile& golden, const GoldenPlace& place,
                                 Progress& progress) {
  const MeasuredAgain now = measure_again(golden, place, 1, progress);
  KEYSTONE_TRY(auto enclaves, all_of(golden.enclaves, now.enclaves));
  KEYSTONE_TRY(auto monitors, all_of(golden.security_monitors, now.security_monitors));
  return GoldenFile{std::move(enclaves), std::move(monitors)};
}

Result<MadeEntry<GoldenEnclave>> make_entry(const std::string& name, const EnclaveRequest& request,
                                            const GoldenPlace& place, Progress& progress) {
  KEYSTONE_CHECK_OK(check_golden_name(name));
  KEYSTONE_TRY(auto eapp, place.relative_to_folder(request.eapp));
  KEYSTONE_TRY(auto runtime, place.relative_to_folder(request.runtime));
  std::optional<GoldenInput> loader;
  std::string loader_path;
  const bool has_loader = !request.loader.empty();
  if (has_loader) {
    KEYSTONE_TRY(loader_path, place.relative_to_folder(request.loader));
  }
  KEYSTONE_TRY(auto record, measure_enclave_files(request, {true, &progress, true}));
  if (has_loader) {
    loader = golden_input(record.inputs[2], std::move(loader_path));
  }
  GoldenEnclave entry{name,
                      std::string(info(request.profile).name),
                      golden_input(record.inputs[0], std::move(eapp)),
                      golden_input(record.inputs[1], std::move(runtime)),
                      std::move(loader),
                      request.loader_raw,
                      request.page_walk,
                      record.measurement.hash};
  return MadeEntry<GoldenEnclave>{std::move(entry), std::move(record.notes),
                                  std::move(record.warnings)};
}

Result<MadeEntry<GoldenSm>> make_entry(const std::string& name, const SmRequest& request,
                                       const GoldenPlace& place, Progress& progress) {
  KEYSTONE_CHECK_OK(check_golden_name(name));
  KEYSTONE_TRY(auto image, place.relative_to_folder(request.image));
  KEYSTONE_TRY(auto record, measure_sm_file(request, {true, &progress, true}));
  GoldenSm entry{name,         request.platform, golden_input(record.image, std::move(image)),
                 request.base, request.size,     request.fill,
                 record.hash};
  return MadeEntry<GoldenSm>{std::move(entry), std::move(record.notes), std::move(record.warnings)};
}

}  // namespace keystone::cli
