// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/progress.hpp"
#include "keystone-measure/golden_place.hpp"
#include "keystone-measure/measure_files.hpp"

#include <string>
#include <string_view>
#include <vector>

// The entries of golden files, made from the inputs on disk and held against them.
namespace keystone::cli {

enum class EntryState : std::uint8_t {
  error,     // it could not be measured: also the state of an entry that nobody looked at
  mismatch,  // the hash is another one
  match,
};

// The word of a state in every format: "match", "mismatch", "error".
[[nodiscard]] std::string_view to_string(EntryState state);

// One entry, measured again.
struct EntryOutcome {
  std::string_view kind;  // "enclave", "sm", or "file" for the golden file itself
  std::string name;
  EntryState state = EntryState::error;
  std::string detail;  // one line: which input changed, or why it cannot be measured; may be empty
};

// The entry as a request, its paths found. Fails as GoldenPlace::resolve(), and for a profile that
// the entry does not fit.
[[nodiscard]] Result<EnclaveRequest> request_of(const GoldenEnclave& entry,
                                                const GoldenPlace& place);

// A file as an entry names it. The record has its SHA-256 (MeasureOptions::fingerprint).
[[nodiscard]] GoldenInput golden_input(const InputRecord& record, std::string path);

// Measures every entry again, as measure_again(). The outcomes come in the order of the
// file, enclaves first, whatever order the work was done in.
[[nodiscard]] std::vector<EntryOutcome> check_golden(const GoldenFile& golden,
                                                     const GoldenPlace& place, unsigned jobs,
                                                     Progress& progress);

// The same file with everything measured again, in this thread. Fails with the first entry's Error,
// naming it.
[[nodiscard]] Result<GoldenFile> update_golden(const GoldenFile& golden, const GoldenPlace& place,
                                               Progress& progress);

// A new entry, and what its user should know of how it was measured.
template <class Entry>
struct MadeEntry {
  Entry entry;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
};

// The paths of the request start from the current folder; fails as the measuring does, and as
// GoldenPlace::relative_to_folder().
[[nodiscard]] Result<MadeEntry<GoldenEnclave>> make_entry(const std::string& name,
                                                          const EnclaveRequest& request,
                                                          const GoldenPlace& place,
                                                          Progress& progress);
[[nodiscard]] Result<MadeEntry<GoldenSm>> make_entry(const std::string& name,
                                                     const SmRequest& request,
                                                     const GoldenPlace& place, Progress& progress);

}  // namespace keystone::cli
