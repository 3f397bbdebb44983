// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/transcript.hpp"

#include "keystone-measure/render.hpp"
#include "keystone/base/number.hpp"

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;

Json words_json(const Explanation& explanation) {
  Json words = Json::array();
  for (const MeasuredWord& word : explanation.words) {
    words.push_back({{"name", word.name}, {"value", to_hex_number(word.value)}});
  }
  return words;
}

Json to_json(const MeasuredRange& range) {
  Json json = {{"address", to_hex_number(range.address)},
               {"size", range.size},
               {"role", range.role},
               {"address_is_measured", range.starts_run},
               {"zeros_before", range.zeros_before},
               {"file_bytes", range.file_bytes},
               {"file_offset", to_hex_number(range.file_offset)}};
  if (range.segment) {
    json["segment"] = *range.segment;
  }
  json["sections"] = range.sections;
  json["zeros"] = to_string(range.zeros);
  return json;
}

Json to_json(const MeasuredPage& page) {
  Json json = {{"sha256", page.sha256.hex()}};
  if (!page.symbol.empty()) {
    json["symbol"] = page.symbol;
  }
  return json;
}

Json ranges_json(const Explanation& explanation) {
  Json ranges = Json::array();
  for (const MeasuredRange& range : explanation.ranges) {
    ranges.push_back(to_json(range));
    if (!explanation.pages.empty()) {
      ranges.back()["pages"] = Json::array();
    }
  }
  for (const MeasuredPage& page : explanation.pages) {
    ranges[page.range]["pages"].push_back(to_json(page));
  }
  return ranges;
}

Json functions_json(const Explanation& explanation) {
  Json functions = Json::array();
  for (const MeasuredFunction& function : explanation.functions) {
    functions.push_back({{"role", function.role},
                         {"name", function.name},
                         {"address", to_hex_number(function.address)},
                         {"size", function.size},
                         {"sha256", function.sha256.hex()}});
  }
  return functions;
}

}  // namespace

nlohmann::ordered_json transcript_of(const ExplainedEnclave& enclave) {
  Json json = {{"schema", "keystone.explain/1"}};
  const Json measurement = to_json(enclave.record);
  for (const std::string key :
       {"profile", "hash_algorithm", "hash", "inputs", "notes", "warnings", "not_measured"}) {
    json[key] = measurement.at(key);
  }
  json["words"] = words_json(enclave.explanation);
  json["ranges"] = ranges_json(enclave.explanation);
  if (!enclave.explanation.pages.empty()) {
    json["functions"] = functions_json(enclave.explanation);
    json["functions_left_out"] = enclave.explanation.functions_left_out;
  }
  return json;
}

}  // namespace keystone::cli
