// SPDX-License-Identifier: Apache-2.0
// Searches that find nothing, and how a caller follows and ends one.
#include "diagnose_support.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace keystone::diagnose_none_test {
namespace {

using namespace keystone::testing;

// A search to the end, with what its caller was told.
struct WholeSearch {
  Result<EnclaveDiagnosis> diagnosis;
  std::vector<std::size_t> done;
  std::size_t total;
};

const WholeSearch& whole_search() {
  static const WholeSearch search = [] {
    std::vector<std::size_t> calls;
    std::size_t most = 0;
    auto diagnosis =
        diagnose(bundled("rv64"), unknown_hash(), [&](std::size_t done, std::size_t total) {
          calls.push_back(done);
          most = std::max(most, total);
          return true;
        });
    return WholeSearch{std::move(diagnosis), calls, most};
  }();
  return search;
}

TEST(DiagnoseEnclave, HasNoMatchForAHashOfSomethingElse) {
  ASSERT_TRUE(succeeds(whole_search().diagnosis));
  EXPECT_FALSE(whole_search().diagnosis->match.has_value());
  EXPECT_GT(whole_search().diagnosis->attempts, 100U);
}

TEST(DiagnoseEnclave, HashesWaysThatMeasureTheSameBytesOnce) {
  ASSERT_TRUE(succeeds(whole_search().diagnosis));
  // These files measure alike in v1 and v0.3: the defaults, 5 stacks, 10 sizes, all pairs of them,
  // and swapped.
  EXPECT_LE(whole_search().diagnosis->attempts + 1 + 5 + 10 + 50 + 1, whole_search().total);
}

TEST(DiagnoseEnclave, TellsItsProgressBeforeEachWay) {
  const WholeSearch& search = whole_search();
  ASSERT_EQ(search.done.size(), search.total);
  EXPECT_LE(search.total, kMaxAttempts);
  for (std::size_t i = 0; i < search.total; ++i) {
    EXPECT_EQ(search.done[i], i);
  }
}

TEST(DiagnoseEnclave, ListsEachRefusalOnceForAProfile) {
  const Files files{noise("eapp", 100), bundled("rv64").runtime, noise("loader", 100)};
  const auto diagnosis = diagnose(files, unknown_hash());
  ASSERT_TRUE(succeeds(diagnosis));
  std::vector<std::string> lines;
  for (const RefusedAttempt& refused : diagnosis->refused) {
    if (refused.attempt.description.empty()) {
      lines.push_back(refused.attempt.profile);
    }
    EXPECT_FALSE(refused.why.empty());
    EXPECT_FALSE(refused.attempt.options.empty());
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"rust-sdk-0.3", "keystone-v1", "keystone-v1-rv32",
                                             "pagewalk-v0.3", "pagewalk-v0.2", "pagewalk-v0.1"}));
  EXPECT_LE(diagnosis->refused.size(), 2 * lines.size() + 2);  // once more, swapped
  // rv64, rv32, and both with eapp and runtime swapped, and with the runtime stripped in two ways.
  EXPECT_EQ(diagnosis->attempts, 8U);
}

TEST(DiagnoseEnclave, TellsWhatAMonitorRefuses) {
  const auto diagnosis = diagnose(walk_files("e_instack", "rt_multi"), unknown_hash(),
                                  [](std::size_t done, std::size_t) { return done < 5; });
  ASSERT_TRUE(succeeds(diagnosis));
  const auto refused_by_monitor = [](const RefusedAttempt& refused) {
    return refused.attempt.profile == "keystone-v1" &&
           refused.why.find("security monitor refuses") != std::string::npos;
  };
  EXPECT_TRUE(
      std::any_of(diagnosis->refused.begin(), diagnosis->refused.end(), refused_by_monitor));
  EXPECT_GT(diagnosis->attempts, 0U);
}

TEST(DiagnoseEnclave, FailsWhereAFileCannotBeRead) {
  const Files files = bundled("rv64");
  const FailingSource eapp(files.eapp, 4096);
  const ArraySource runtime(files.runtime);
  const ArraySource loader(files.loader);
  EXPECT_TRUE(fails_with(diagnose_enclave({eapp, runtime, &loader}, unknown_hash(), {}),
                         ErrorCode::unreadable, FailingSource::kMessage));
}

// --- progress ---------------------------------------------------------------------------------

TEST(DiagnoseEnclave, EndsWhereTheCallerSaysSo) {
  const Files files = bundled("rv64");
  const auto seen = explain_files(files, Profile::keystone_v1).value().measurement.hash;
  const auto diagnosis =
      diagnose(files, seen, [](std::size_t done, std::size_t) { return done < 2; });
  ASSERT_TRUE(succeeds(diagnosis));
  EXPECT_FALSE(diagnosis->match.has_value());
  EXPECT_EQ(diagnosis->attempts, 2U);
}

TEST(DiagnoseEnclave, StopsAtTheFirstMatch) {
  const Files files = bundled("rv64");
  const auto seen = explain_files(files, Profile::keystone_loader_rv32).value().measurement.hash;
  const auto diagnosis = diagnose(files, seen);
  ASSERT_TRUE(succeeds(diagnosis));
  EXPECT_TRUE(diagnosis->match.has_value());
  EXPECT_EQ(diagnosis->attempts, 2U);
}

}  // namespace
}  // namespace keystone::diagnose_none_test
