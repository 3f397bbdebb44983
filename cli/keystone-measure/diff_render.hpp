// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/diff_side.hpp"
#include "keystone/measure/diff.hpp"

#include <optional>
#include <string>
#include <vector>

// Why two enclaves have different hashes, as text and as JSON.
namespace keystone::cli {

// A value that the two sides have differently; empty: one of them does not have it.
struct ValuePair {
  std::string name;
  std::string left;
  std::string right;
};

struct DiffAnswer {
  DiffSide left;
  DiffSide right;
  std::vector<ValuePair> inputs;        // files with another SHA-256
  std::vector<ValuePair> parameters;    // if both sides know theirs
  std::optional<Differences> measured;  // if both sides have an explanation
};

[[nodiscard]] DiffAnswer compare_sides(DiffSide left, DiffSide right);

[[nodiscard]] inline bool has_same_hash(const DiffAnswer& answer) {
  return answer.left.measurement.hash == answer.right.measurement.hash;
}

// Whether the hashes are the same, but not what was measured for them: a transcript is not true.
[[nodiscard]] bool contradicts_itself(const DiffAnswer& answer);

// `most_listed`: of each kind of difference.
[[nodiscard]] std::string diff_text(const DiffAnswer& answer, std::size_t most_listed);

// The `keystone.diff/1` document.
[[nodiscard]] std::string diff_json(const DiffAnswer& answer);

}  // namespace keystone::cli
