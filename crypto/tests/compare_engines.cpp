// SPDX-License-Identifier: Apache-2.0
// compare_engines [CASES [SEED]]: each of our engines, with tables of keys and without, against the
// strict verification over libsodium, in batches of 1 to 129. Exit code 1 at the first difference.
#include "engines.hpp"
#include "keystone/base/hex.hpp"
#include "signature_cases.hpp"

#include <cstdlib>
#include <iostream>
#include <map>

namespace {

using keystone::SignatureJob;
using keystone::SignatureResult;
using keystone::testing::SignatureCase;

// Whether the engine gives these results; says on standard error where it does not.
bool agrees(const keystone::testing::NamedEngine& named, const keystone::KeyTables* tables,
            std::span<const SignatureJob> jobs, std::span<const SignatureResult> expected) {
  const auto results = keystone::testing::results_by(*named.engine, jobs, tables);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] != expected[i]) {
      std::cerr << named.name << (tables == nullptr ? "" : ", tables") << ", " << i << " of "
                << jobs.size() << ": got " << to_string(results[i]) << ", want "
                << to_string(expected[i]) << "\nkey " << keystone::hex::encode(jobs[i].public_key)
                << "\nmessage " << keystone::hex::encode(jobs[i].message) << "\nsignature "
                << keystone::hex::encode(jobs[i].signature) << '\n';
      return false;
    }
  }
  return true;
}

// The counts of what came out, or nothing after a difference.
bool compare(std::uint64_t cases, std::uint64_t seed,
             std::map<SignatureResult, std::uint64_t>& counts) {
  keystone::testing::CaseMaker maker(seed);
  const auto engines = keystone::testing::own_engines();
  const keystone::KeyTables tables;
  std::size_t size = 1;
  for (std::uint64_t done = 0; done < cases; done += size, size = size % 129 + 1) {
    std::vector<SignatureCase> batch;
    std::vector<SignatureJob> jobs;
    for (std::size_t i = 0; i < size; ++i) {
      batch.push_back(maker.next());
    }
    for (const SignatureCase& each : batch) {
      jobs.push_back(each.job());
    }
    const auto expected = keystone::testing::results_by(keystone::detail::sodium_engine(), jobs);
    for (const SignatureResult result : expected) {
      ++counts[result];
    }
    for (const auto& engine : engines) {
      if (!agrees(engine, nullptr, jobs, expected) || !agrees(engine, &tables, jobs, expected)) {
        return false;
      }
    }
  }
  return true;
}

std::uint64_t number_at(std::span<char*> arguments, std::size_t at, std::uint64_t otherwise) {
  return at < arguments.size() ? std::strtoull(arguments[at], nullptr, 10) : otherwise;
}

}  // namespace

int main(int count, char** values) {
  const std::span arguments(values, static_cast<std::size_t>(count));
  const std::uint64_t cases = number_at(arguments, 1, 3000);
  const std::uint64_t seed = number_at(arguments, 2, 1);
  std::map<SignatureResult, std::uint64_t> counts;
  if (!compare(cases, seed, counts)) {
    return EXIT_FAILURE;
  }
  for (const auto& [result, times] : counts) {
    std::cout << to_string(result) << ": " << times << '\n';
  }
  constexpr std::size_t kResults = 9;
  return counts.size() == kResults ? EXIT_SUCCESS : EXIT_FAILURE;  // every kind was there
}
