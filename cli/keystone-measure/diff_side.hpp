// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/progress.hpp"
#include "keystone-measure/arguments.hpp"
#include "keystone/measure/explain.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keystone::cli {

// Something that has a name and a value: an input and its SHA-256, a parameter and its number.
struct NamedValue {
  std::string name;
  std::string value;
};

// One of the two enclaves that `diff` compares, as far as it is known.
struct DiffSide {
  std::string name;  // as the user spelt it
  Measurement measurement;
  std::vector<NamedValue> inputs;
  // What was said beside the files, defaults included. Absent: not known.
  std::optional<std::vector<NamedValue>> parameters;
  // Absent: a golden entry whose files are not what they were.
  std::optional<Explanation> explanation;
  std::vector<std::string> warnings;
  std::vector<std::string> files;  // what it was read from, as paths
};

// Measures, or reads what was measured. Fails as explain_enclave_files(), parse_transcript() and
// GoldenFile::parse() do; `usage` for a golden entry that is not there.
[[nodiscard]] Result<DiffSide> read_side(const DiffSource& source, bool allow_outside,
                                         Progress& progress);

}  // namespace keystone::cli
