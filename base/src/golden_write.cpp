// SPDX-License-Identifier: Apache-2.0
#include "golden_keys.hpp"
#include "keystone/base/json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace keystone {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson to_json(const GoldenInput& input) {
  return {{"path", input.path}, {"sha256", input.sha256.hex()}};
}

OrderedJson to_json(const GoldenEnclave& enclave) {
  OrderedJson inputs = {{"eapp", to_json(enclave.eapp)}, {"runtime", to_json(enclave.runtime)}};
  OrderedJson parameters = OrderedJson::object();
  if (enclave.loader) {
    inputs["loader"] = to_json(*enclave.loader);
    parameters["loader_raw"] = enclave.loader_raw;
  } else {
    for (const GoldenPageWalkKey& known : kGoldenPageWalkKeys) {
      if (const auto& value = enclave.page_walk.*known.value) {
        parameters[std::string(known.key)] = to_hex_number(*value);
      }
    }
  }
  return {{"name", enclave.name},
          {"profile", enclave.profile},
          {"inputs", std::move(inputs)},
          {"parameters", std::move(parameters)},
          {"hash", enclave.hash.hex()}};
}

OrderedJson to_json(const GoldenSm& sm) {
  OrderedJson json = {{"name", sm.name}};
  if (sm.platform) {
    json["platform"] = *sm.platform;
  }
  json["inputs"] = {{"image", to_json(sm.image)}};
  OrderedJson parameters = OrderedJson::object();
  if (sm.base) {
    parameters["base"] = to_hex_number(*sm.base);
  }
  if (sm.size) {
    parameters["size"] = to_hex_number(*sm.size);
  }
  if (sm.fill) {
    parameters["fill"] = to_hex_number(*sm.fill);
  }
  json["parameters"] = std::move(parameters);
  json["hash"] = sm.hash.hex();
  return json;
}

template <class Entry>
OrderedJson by_name(const std::vector<Entry>& entries) {
  std::vector<const Entry*> sorted;
  for (const Entry& entry : entries) {
    sorted.push_back(&entry);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const Entry* a, const Entry* b) { return a->name < b->name; });
  OrderedJson json = OrderedJson::array();
  for (const Entry* const entry : sorted) {
    json.push_back(to_json(*entry));
  }
  return json;
}

}  // namespace

Result<std::string> GoldenFile::serialize() const {
  const OrderedJson json = {{"schema", kGoldenSchema},
                            {"enclaves", by_name(enclaves)},
                            {"security_monitors", by_name(security_monitors)}};
  std::string text;
  try {
    text = json.dump(2) + "\n";
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorCode::malformed, "a name or a path is not UTF-8");
  }
  if (text.size() > JsonLimits().max_bytes) {
    return fail(ErrorCode::limit_exceeded, "the golden file: got " + std::to_string(text.size()) +
                                               " bytes, want at most " +
                                               std::to_string(JsonLimits().max_bytes));
  }
  return text;
}

}  // namespace keystone
