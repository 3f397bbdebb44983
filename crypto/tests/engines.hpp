// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/assert.hpp"
#include "signature_group.hpp"

#include <string_view>
#include <vector>

namespace keystone::testing {

struct NamedEngine {
  std::string_view name;
  const detail::PointEngine* engine;
};

// Our own engines that this processor has.
[[nodiscard]] inline std::vector<NamedEngine> own_engines() {
  std::vector<NamedEngine> engines = {{"portable", &detail::portable_engine()}};
  const auto add = [&](std::string_view name, const detail::PointEngine* engine) {
    if (engine != nullptr) {
      engines.push_back({name, engine});
    }
  };
  add("avx2", detail::lanes_engine(detail::ed25519::LanePath::avx2));
  add("ifma", detail::lanes_engine(detail::ed25519::LanePath::ifma));
  return engines;
}

[[nodiscard]] inline std::vector<SignatureResult> results_by(const detail::PointEngine& engine,
                                                             std::span<const SignatureJob> jobs,
                                                             const KeyTables* tables = nullptr) {
  std::vector<SignatureResult> results(jobs.size());
  KEYSTONE_ASSERT(detail::verify_all(engine, jobs, results, tables));
  return results;
}

}  // namespace keystone::testing
