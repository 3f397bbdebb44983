// SPDX-License-Identifier: Apache-2.0
// Bytes are signatures one after another: a key, a signature, and a byte that says how long the
// message is and whether the key is vouched for. Every engine of ours says of each what the strict
// verification over libsodium says, with tables of keys and without.
#include "../tests/engines.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace {

using keystone::ByteView;
using keystone::SignatureJob;

// As many as there are, up to a few more than one vector has lanes.
std::vector<SignatureJob> jobs_in(ByteView input) {
  constexpr std::size_t kHead = 32 + 64 + 1;
  std::vector<SignatureJob> jobs;
  while (input.size() >= kHead && jobs.size() < 10) {
    const std::uint8_t shape = input[kHead - 1];
    const std::size_t size = std::min<std::size_t>(shape >> 1U, input.size() - kHead);
    jobs.push_back({input.first<32>(), input.subspan(kHead, size), input.subspan<32, 64>(),
                    (shape & 1U) != 0});
    input = input.subspan(kHead + size);
  }
  return jobs;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  static const KeyTables tables;
  const auto jobs = jobs_in(input);
  const auto expected = testing::results_by(detail::sodium_engine(), jobs);
  for (const auto& [name, engine] : testing::own_engines()) {
    KEYSTONE_ASSERT(testing::results_by(*engine, jobs) == expected);
    KEYSTONE_ASSERT(testing::results_by(*engine, jobs, &tables) == expected);
  }
}
