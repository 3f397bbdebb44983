// SPDX-License-Identifier: Apache-2.0
#include "keystone/testing/vectors.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace keystone::testing {

std::string vector_path(std::string_view name) {
  return std::string(KEYSTONE_TEST_VECTORS) + "/" + std::string(name);
}

Bytes read_vector_file(std::string_view name) {
  std::ifstream file(vector_path(name), std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + vector_path(name));
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

nlohmann::json read_vector_json(std::string_view name) {
  return nlohmann::json::parse(read_vector_file(name));
}

void require_keys(const nlohmann::json& object, const std::vector<std::string>& keys) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      throw std::runtime_error("a vector has the key '" + key + "', which no test reads");
    }
  }
  for (const std::string& key : keys) {
    if (!object.contains(key)) {
      throw std::runtime_error("a vector lacks the key '" + key + "'");
    }
  }
}

}  // namespace keystone::testing
