// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_check.hpp"

#include "common/console.hpp"
#include "keystone/base/assert.hpp"

#include <atomic>
#include <functional>
#include <new>
#include <optional>
#include <thread>

namespace keystone::cli {
namespace {

// --- an entry measured again -----------------------------------------------------------------

GoldenInput input_of(const InputRecord& record, std::string path) {
  KEYSTONE_ASSERT(record.sha256.has_value());  // measured with MeasureOptions::fingerprint
  return {std::move(path), *record.sha256};
}

Result<GoldenEnclave> measured_again(const GoldenEnclave& entry, const GoldenPlace& place,
                                     Progress& progress) {
  KEYSTONE_TRY(const auto request, request_of(entry, place));
  KEYSTONE_TRY(const auto record, measure_enclave_files(request, {true, &progress, true}));
  GoldenEnclave now = entry;
  now.eapp = input_of(record.inputs[0], entry.eapp.path);
  now.runtime = input_of(record.inputs[1], entry.runtime.path);
  if (entry.loader) {
    now.loader = input_of(record.inputs[2], entry.loader->path);
  }
  now.hash = record.measurement.hash;
  return now;
}

Result<GoldenSm> measured_again(const GoldenSm& entry, const GoldenPlace& place,
                                Progress& progress) {
  KEYSTONE_TRY(const auto image, place.resolve(entry.image.path));
  KEYSTONE_TRY(const auto record,
               measure_sm_file({image, entry.platform, entry.base, entry.size, entry.fill},
                               {true, &progress, true}));
  GoldenSm now = entry;
  now.image = input_of(record.image, entry.image.path);
  now.hash = record.hash;
  return now;
}

// As measured_again(), with every failure an Error: memory may run out in a worker thread.
template <class Entry>
Result<Entry> try_again(const Entry& entry, const GoldenPlace& place, Progress& progress) {
  try {
    return measured_again(entry, place, progress);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::internal, "out of memory");
  } catch (const std::exception& problem) {
    return fail(ErrorCode::internal, problem.what());
  }
}

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

// Calls `work(i)` for every i below `count` from `jobs` threads.
void in_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      work(i);
    }
  };
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < jobs && i < count; ++i) {
    helpers.emplace_back(take_turns);
  }
  take_turns();
}

template <class Entry>
Result<std::vector<Entry>> all_measured_again(const std::vector<Entry>& entries,
                                              const GoldenPlace& place, Progress& progress) {
  std::vector<Entry> all;
  for (const Entry& entry : entries) {
    auto now = measured_again(entry, place, progress);
    if (!now) {
      return fail(now.error().within(std::string(kind_of(entry)) + " " + entry.name));
    }
    all.push_back(*std::move(now));
  }
  return all;
}

}  // namespace

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
  const std::size_t enclaves = golden.enclaves.size();
  const std::size_t count = enclaves + golden.security_monitors.size();
  std::vector<EntryOutcome> outcomes(count);
  in_parallel(count, jobs, [&](std::size_t i) {
    if (i < enclaves) {
      const GoldenEnclave& entry = golden.enclaves[i];
      outcomes[i] = compare(entry, try_again(entry, place, progress));
    } else {
      const GoldenSm& entry = golden.security_monitors[i - enclaves];
      outcomes[i] = compare(entry, try_again(entry, place, progress));
    }
  });
  return outcomes;
}

Result<GoldenFile> update_golden(const GoldenFile& golden, const GoldenPlace& place,
                                 Progress& progress) {
  KEYSTONE_TRY(auto enclaves, all_measured_again(golden.enclaves, place, progress));
  KEYSTONE_TRY(auto monitors, all_measured_again(golden.security_monitors, place, progress));
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
    loader = input_of(record.inputs[2], std::move(loader_path));
  }
  GoldenEnclave entry{name,
                      std::string(info(request.profile).name),
                      input_of(record.inputs[0], std::move(eapp)),
                      input_of(record.inputs[1], std::move(runtime)),
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
  GoldenSm entry{name,         request.platform, input_of(record.image, std::move(image)),
                 request.base, request.size,     request.fill,
                 record.hash};
  return MadeEntry<GoldenSm>{std::move(entry), std::move(record.notes), std::move(record.warnings)};
}

}  // namespace keystone::cli
