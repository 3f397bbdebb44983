// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/diff_render.hpp"

#include "common/console.hpp"
#include "common/json_text.hpp"

#include <algorithm>
#include <array>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Difference::Kind;

constexpr std::array kKinds = {Kind::profile, Kind::word, Kind::range, Kind::page, Kind::function};
constexpr std::size_t kDigest = 64;       // hex digits of a SHA-256
constexpr std::size_t kShortDigest = 16;  // enough of them to tell two apart by eye

const NamedValue* find(const std::vector<NamedValue>& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const NamedValue& value) { return value.name == name; });
  return found == values.end() ? nullptr : &*found;
}

std::vector<ValuePair> pairs_that_differ(const std::vector<NamedValue>& left,
                                         const std::vector<NamedValue>& right) {
  std::vector<ValuePair> pairs;
  for (const NamedValue& value : left) {
    const NamedValue* const other = find(right, value.name);
    if (other == nullptr || other->value != value.value) {
      pairs.push_back({value.name, value.value, other == nullptr ? "" : other->value});
    }
  }
  for (const NamedValue& value : right) {
    if (find(left, value.name) == nullptr) {
      pairs.push_back({value.name, "", value.value});
    }
  }
  return pairs;
}

// --- text -------------------------------------------------------------------------------------

// A digest that ends the text is cut: by eye, its start tells it.
std::string shortened(const std::string& text) {
  if (text.empty()) {
    return "-";
  }
  const auto digits = text.size() - (text.rfind(' ') + 1);
  return digits == kDigest ? text.substr(0, text.size() - digits + kShortDigest) + "..." : text;
}

std::string line_of(std::string_view kind, const std::string& place, const std::string& left,
                    const std::string& right) {
  return "  " + std::string(kind) + " " + one_line(place) + ": " + shortened(left) + " | " +
         shortened(right) + "\n";
}

// In the order in which they are measured; the first `most_listed` of each kind.
std::string lines_of(const Differences& differences, std::size_t most_listed) {
  std::string text;
  std::array<std::size_t, kKinds.size()> listed{};
  for (const Difference& difference : differences.list) {
    std::size_t& of_kind = listed[static_cast<std::size_t>(difference.kind)];
    if (of_kind < most_listed) {
      const std::string where = difference.where.empty() ? "" : " (" + difference.where + ")";
      text += line_of(to_string(difference.kind), difference.place + where, difference.left,
                      difference.right);
      ++of_kind;
    }
  }
  for (const Kind kind : kKinds) {
    const auto index = static_cast<std::size_t>(kind);
    if (differences.counts[index] > listed[index]) {
      text += "  " + std::to_string(differences.counts[index] - listed[index]) + " more of kind " +
              std::string(to_string(kind)) + "\n";
    }
  }
  return text;
}

std::string counts_of(const Differences& differences) {
  std::string text;
  for (const Kind kind : kKinds) {
    const std::uint64_t count = differences.counts[static_cast<std::size_t>(kind)];
    if (count != 0) {
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
              std::string(to_string(kind)) + (count == 1 ? "" : "s");
    }
  }
  return text;
}

std::string title_of(const DiffAnswer& answer) {
  if (contradicts_itself(answer)) {
    return "the same hash for different memory: one of the sides is not what was measured\n";
  }
  if (has_same_hash(answer)) {
    return "the same hash\n";
  }
  const std::string counts = answer.measured ? counts_of(*answer.measured) : "";
  return "different hashes" + (counts.empty() ? "" : ": " + counts) + "\n";
}

std::string side_line(std::string_view label, const DiffSide& side) {
  return std::string(label) + one_line(side.name) + "\n       " +
         std::string(info(side.measurement.profile).name) + "  " + side.measurement.hash.hex() +
         "\n";
}

// --- JSON -------------------------------------------------------------------------------------

Json to_json(const DiffSide& side) {
  return {{"name", side.name},
          {"profile", info(side.measurement.profile).name},
          {"hash", side.measurement.hash.hex()}};
}

Json to_json(const std::vector<ValuePair>& pairs) {
  Json list = Json::array();
  for (const ValuePair& pair : pairs) {
    list.push_back({{"name", pair.name}, {"left", pair.left}, {"right", pair.right}});
  }
  return list;
}

Json to_json(const Differences& differences) {
  Json counts = Json::object();
  for (const Kind kind : kKinds) {
    counts[std::string(to_string(kind))] = differences.counts[static_cast<std::size_t>(kind)];
  }
  Json list = Json::array();
  for (const Difference& difference : differences.list) {
    list.push_back({{"kind", to_string(difference.kind)},
                    {"place", difference.place},
                    {"where", difference.where},
                    {"left", difference.left},
                    {"right", difference.right}});
  }
  return {{"counts", std::move(counts)}, {"list", std::move(list)}};
}

}  // namespace

DiffAnswer compare_sides(DiffSide left, DiffSide right) {
  DiffAnswer answer{std::move(left), std::move(right), {}, {}, {}};
  answer.inputs = pairs_that_differ(answer.left.inputs, answer.right.inputs);
  if (answer.left.parameters && answer.right.parameters) {
    answer.parameters = pairs_that_differ(*answer.left.parameters, *answer.right.parameters);
  }
  if (answer.left.explanation && answer.right.explanation) {
    answer.measured = compare(*answer.left.explanation, *answer.right.explanation);
  }
  return answer;
}

bool contradicts_itself(const DiffAnswer& answer) {
  if (!has_same_hash(answer) || !answer.measured) {
    return false;
  }
  const auto count = [&](Kind kind) {
    return answer.measured->counts[static_cast<std::size_t>(kind)];
  };
  return count(Kind::profile) == 0 &&
         count(Kind::word) + count(Kind::range) + count(Kind::page) != 0;
}

std::string diff_text(const DiffAnswer& answer, std::size_t most_listed) {
  std::string text =
      title_of(answer) + side_line("left:  ", answer.left) + side_line("right: ", answer.right);
  for (const ValuePair& pair : answer.inputs) {
    text += line_of("file", pair.name, pair.left, pair.right);
  }
  for (const ValuePair& pair : answer.parameters) {
    text += line_of("parameter", pair.name, pair.left, pair.right);
  }
  return answer.measured ? text + lines_of(*answer.measured, most_listed) : text;
}

std::string diff_json(const DiffAnswer& answer) {
  Json warnings = Json::array();
  for (const DiffSide* side : {&answer.left, &answer.right}) {
    for (const std::string& warning : side->warnings) {
      warnings.push_back(warning);
    }
  }
  return json_text(
      {{"schema", "keystone.diff/1"},
       {"same_hash", has_same_hash(answer)},
       {"contradicts_itself", contradicts_itself(answer)},
       {"left", to_json(answer.left)},
       {"right", to_json(answer.right)},
       {"inputs", to_json(answer.inputs)},
       {"parameters", answer.left.parameters && answer.right.parameters ? to_json(answer.parameters)
                                                                        : Json(nullptr)},
       {"measured", answer.measured ? to_json(*answer.measured) : Json(nullptr)},
       {"warnings", std::move(warnings)}});
}

}  // namespace keystone::cli
