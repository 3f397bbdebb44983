// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/diff_side.hpp"

#include "common/input_file.hpp"
#include "common/kept_file.hpp"
#include "keystone-measure/enclave_files.hpp"
#include "keystone-measure/explained.hpp"
#include "keystone-measure/golden_check.hpp"
#include "keystone-measure/transcript.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/suggest.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

constexpr ExplainOptions kWithPages = {true};

std::vector<NamedValue> parameters_in(const EnclaveRequest& request) {
  if (info(request.profile).scheme == Scheme::loader) {
    return {{"loader_raw", request.loader_raw ? "true" : "false"}};
  }
  const PageWalkParameters parameters = parameters_of(request);
  std::vector<NamedValue> values = {
      {"untrusted_ptr", to_hex_number(parameters.untrusted_ptr)},
      {"untrusted_size", to_hex_number(parameters.untrusted_size)},
      {"stack_size", to_hex_number(parameters.stack_size)},
      {"freemem", to_hex_number(parameters.freemem)},
  };
  if (parameters.user_entry) {
    values.push_back({"runtime_stack", to_hex_number(parameters.runtime_stack)});
    values.push_back({"runtime_entry", to_hex_number(parameters.runtime_entry)});
    values.push_back({"user_entry", to_hex_number(*parameters.user_entry)});
  }
  return values;
}

std::vector<std::string> files_of(const EnclaveRequest& request) {
  return {request.eapp, request.runtime, request.loader};
}

Result<DiffSide> side_of_files(const std::string& name, const EnclaveRequest& request,
                               bool regular_only, Progress& progress) {
  KEYSTONE_TRY(auto enclave,
               explain_enclave_files(request, {true, &progress, regular_only}, kWithPages));
  DiffSide side{name, enclave.record.measurement, {}, parameters_in(request), {},
                {},   files_of(request)};
  for (const InputRecord& input : enclave.record.inputs) {
    side.inputs.push_back({input.role, input.sha256->hex()});
  }
  side.explanation = std::move(enclave.explanation);
  side.warnings = std::move(enclave.record.warnings);
  return side;
}

std::string name_of(const EnclaveRequest& request) {
  return request.eapp + ", " + request.runtime +
         (request.loader.empty() ? "" : ", " + request.loader);
}

Result<DiffSide> side_of_transcript(const std::string& path) {
  KEYSTONE_TRY(const auto bytes, read_file(path, kMaxTranscript));
  auto transcript = parse_transcript({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!transcript) {
    return fail(transcript.error().within(path));
  }
  DiffSide side{path, transcript->explanation.measurement, {}, {}, {}, {}, {path}};
  for (const TranscriptInput& input : transcript->inputs) {
    side.inputs.push_back({input.role, input.sha256.hex()});
  }
  if (transcript->explanation.pages.empty()) {
    side.warnings.push_back(path + ": has no pages: their differences cannot be found " +
                            "(explain --json --pages writes them)");
  }
  side.explanation = std::move(transcript->explanation);
  return side;
}

Result<GoldenEnclave> entry_named(const GoldenFile& golden, const std::string& name) {
  std::vector<std::string_view> names;
  for (const GoldenEnclave& entry : golden.enclaves) {
    if (entry.name == name) {
      return entry;
    }
    names.push_back(entry.name);
  }
  return fail(ErrorCode::usage, "there is no enclave entry '" + name + "'",
              suggest_names(name, names));
}

std::vector<NamedValue> recorded_inputs(const GoldenEnclave& entry) {
  std::vector<NamedValue> inputs = {{"eapp", entry.eapp.sha256.hex()},
                                    {"runtime", entry.runtime.sha256.hex()}};
  if (entry.loader) {
    inputs.push_back({"loader", entry.loader->sha256.hex()});
  }
  return inputs;
}

// The entry measured again, if its files are what they were when it was recorded.
Result<DiffSide> side_of_entry(const std::string& name, const GoldenEnclave& entry,
                               const GoldenPlace& place, Progress& progress) {
  KEYSTONE_TRY(const auto request, request_of(entry, place));
  DiffSide recorded{name,
                    {request.profile, entry.hash},
                    recorded_inputs(entry),
                    parameters_in(request),
                    {},
                    {},
                    files_of(request)};
  auto now = side_of_files(name, request, true, progress);
  const auto same = [](const NamedValue& a, const NamedValue& b) { return a.value == b.value; };
  if (!now) {
    recorded.warnings.push_back(name + ": cannot be measured again: " + now.error().message);
  } else if (!std::equal(now->inputs.begin(), now->inputs.end(), recorded.inputs.begin(),
                         recorded.inputs.end(), same)) {
    recorded.warnings.push_back(name +
                                ": its files changed since it was recorded: their memory "
                                "cannot be compared");
  } else if (now->measurement.hash != entry.hash) {
    recorded.warnings.push_back(
        name + ": its files have another hash than was recorded: " + now->measurement.hash.hex());
  } else {
    return std::move(*now);
  }
  return recorded;
}

Result<DiffSide> side_of_golden(const std::string& text, std::size_t colon, bool allow_outside,
                                Progress& progress) {
  const std::string path = text.substr(0, colon);
  KEYSTONE_TRY(const auto place, GoldenPlace::of(path, allow_outside));
  KEYSTONE_TRY(const auto golden, read_kept(path, GoldenFile::parse));
  const auto entry = entry_named(golden, text.substr(colon + 1));
  if (!entry) {
    return fail(entry.error().within(path));
  }
  KEYSTONE_TRY(auto side, side_of_entry(text, *entry, place, progress));
  side.files.push_back(path);
  return side;
}

}  // namespace

Result<DiffSide> read_side(const DiffSource& source, bool allow_outside, Progress& progress) {
  if (const auto* const request = std::get_if<EnclaveRequest>(&source)) {
    return side_of_files(name_of(*request), *request, false, progress);
  }
  const auto& text = std::get<std::string>(source);
  const auto colon = text.rfind(':');
  if (text == "-" || is_there(text) || colon == std::string::npos) {
    return side_of_transcript(text);
  }
  return side_of_golden(text, colon, allow_outside, progress);
}

}  // namespace keystone::cli
