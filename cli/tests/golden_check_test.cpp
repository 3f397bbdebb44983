// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_check.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

constexpr std::size_t kEntries = 120;

// A folder with inputs, and a golden file of them: enclaves whose runtime and loader are shared.
class GoldenCheck : public ::testing::Test {
 protected:
  GoldenCheck() : place_(*GoldenPlace::of(folder_ / "golden.json", false)) {
    folder_.put("runtime", "a runtime");
    folder_.put("loader", "a loader");
    for (std::size_t i = 0; i < kEntries; ++i) {
      const std::string name = "e" + std::to_string(i);
      folder_.put(name, "eapp " + name);
      golden_.enclaves.push_back(enclave(name));
    }
    folder_.put("image", "a firmware");
    golden_.security_monitors.push_back(
        make_entry("board", SmRequest{folder_ / "image", {}, 0, 4096, {}}, place_, quiet_)->entry);
  }

  GoldenEnclave enclave(const std::string& name) {
    EnclaveRequest request;
    request.eapp = folder_ / name;
    request.runtime = folder_ / "runtime";
    request.loader = folder_ / "loader";
    return make_entry(name, request, place_, quiet_)->entry;
  }

  std::vector<EntryOutcome> check(unsigned jobs) {
    return check_golden(golden_, place_, jobs, quiet_);
  }

  TemporaryFolder folder_;
  GoldenPlace place_;
  Progress quiet_{false};
  GoldenFile golden_;
};

TEST_F(GoldenCheck, OutcomesComeInTheOrderOfTheFileWhateverTheJobs) {
  folder_.put("e7", "another");
  std::filesystem::remove(folder_ / "e100");
  for (const unsigned jobs : {1U, 2U, 8U, 256U}) {
    const auto outcomes = check(jobs);
    ASSERT_EQ(outcomes.size(), kEntries + 1);
    for (std::size_t i = 0; i < kEntries; ++i) {
      EXPECT_EQ(outcomes[i].kind, "enclave");
      EXPECT_EQ(outcomes[i].name, "e" + std::to_string(i));
      EXPECT_EQ(outcomes[i].state, i == 7     ? EntryState::mismatch
                                   : i == 100 ? EntryState::error
                                              : EntryState::match);
    }
    EXPECT_EQ(outcomes.back().kind, "sm");
    EXPECT_EQ(outcomes.back().name, "board");
    EXPECT_EQ(outcomes.back().state, EntryState::match);
  }
}

TEST_F(GoldenCheck, MeasuresNothingForAFileWithoutEntries) {
  golden_ = {};
  EXPECT_TRUE(check(8).empty());
}

// Sizes about what is hashed at once, so that entries end at different times and others take over.
TEST_F(GoldenCheck, FindsTheLastByteThatChangedAmongEntriesOfManySizes) {
  constexpr std::size_t kLarge = 30;
  for (std::size_t i = 0; i < kLarge; ++i) {
    const std::string name = "e" + std::to_string(i);
    folder_.put(name, std::string(i * 9000 + 4095, 'x'));
    golden_.enclaves[i] = enclave(name);
  }
  for (std::size_t i = 0; i < kLarge; i += 3) {
    folder_.put("e" + std::to_string(i), std::string(i * 9000 + 4094, 'x') + "y");
  }
  for (const unsigned jobs : {1U, 3U, 20U}) {
    const auto outcomes = check(jobs);
    for (std::size_t i = 0; i < kEntries; ++i) {
      EXPECT_EQ(outcomes[i].state,
                i < kLarge && i % 3 == 0 ? EntryState::mismatch : EntryState::match)
          << i << " with " << jobs;
    }
  }
}

TEST_F(GoldenCheck, NamesEveryInputThatChangedAndNoOther) {
  folder_.put("runtime", "another runtime");
  folder_.put("e3", "another eapp");
  const auto outcomes = check(8);
  EXPECT_EQ(outcomes[2].state, EntryState::mismatch);
  EXPECT_EQ(outcomes[2].detail.find("eapp e2"), std::string::npos);
  EXPECT_NE(outcomes[2].detail.find("runtime runtime changed"), std::string::npos);
  EXPECT_NE(outcomes[3].detail.find("eapp e3 changed"), std::string::npos);
  EXPECT_NE(outcomes[3].detail.find("runtime runtime changed"), std::string::npos);
  EXPECT_EQ(outcomes[3].detail.find("loader"), std::string::npos);
  EXPECT_EQ(outcomes.back().state, EntryState::match);
}

TEST_F(GoldenCheck, TellsAChangedRecordFromAChangedInput) {
  golden_.enclaves[0].hash = golden_.enclaves[1].hash;
  golden_.enclaves[2].eapp.sha256 = golden_.enclaves[1].eapp.sha256;
  const auto outcomes = check(1);
  EXPECT_EQ(outcomes[0].state, EntryState::mismatch);
  EXPECT_NE(outcomes[0].detail.find("only the recorded hash differs"), std::string::npos);
  EXPECT_EQ(outcomes[2].state, EntryState::match);
  EXPECT_NE(outcomes[2].detail.find("the hash is the same"), std::string::npos);
  EXPECT_EQ(outcomes[3].detail, "");
}

TEST_F(GoldenCheck, AnEntryThatCannotBeMeasuredIsAnErrorOfThatEntryOnly) {
  golden_.enclaves[0].profile = "keystone-loader-rv128";
  golden_.enclaves[1].eapp.path = "../outside";
  folder_.put("e2", "");
  golden_.security_monitors[0].size.reset();
  const auto outcomes = check(8);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}, std::size_t{2}, kEntries}) {
    EXPECT_EQ(outcomes[i].state, EntryState::error) << outcomes[i].detail;
    EXPECT_NE(outcomes[i].detail, "");
  }
  EXPECT_EQ(outcomes[3].state, EntryState::match);
}

TEST_F(GoldenCheck, UpdateRecordsWhatIsThereNow) {
  folder_.put("e7", "another");
  folder_.put("image", "another firmware");
  const auto updated = update_golden(golden_, place_, quiet_);
  ASSERT_TRUE(updated);
  EXPECT_NE(updated->enclaves[7].hash, golden_.enclaves[7].hash);
  EXPECT_NE(updated->enclaves[7].eapp.sha256, golden_.enclaves[7].eapp.sha256);
  EXPECT_EQ(updated->enclaves[7].runtime.sha256, golden_.enclaves[7].runtime.sha256);
  EXPECT_EQ(updated->enclaves[8].hash, golden_.enclaves[8].hash);
  EXPECT_NE(updated->security_monitors[0].hash, golden_.security_monitors[0].hash);
  golden_ = *updated;
  for (const EntryOutcome& outcome : check(4)) {
    EXPECT_EQ(outcome.state, EntryState::match);
    EXPECT_EQ(outcome.detail, "");
  }
}

TEST_F(GoldenCheck, UpdateOfWhatDidNotChangeGivesTheSameText) {
  const auto updated = update_golden(golden_, place_, quiet_);
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->serialize().value(), golden_.serialize().value());
}

TEST_F(GoldenCheck, UpdateFailsWithTheFirstEntryThatCannotBeMeasured) {
  std::filesystem::remove(folder_ / "e5");
  std::filesystem::remove(folder_ / "e6");
  EXPECT_TRUE(
      fails_with(update_golden(golden_, place_, quiet_), ErrorCode::unreadable, "enclave e5: "));
}

TEST_F(GoldenCheck, ANewEntryKeepsItsParametersAndSaysWhatItDid) {
  const SmRequest request{folder_ / "image", "generic", {}, {}, std::uint8_t{7}};
  const auto made = make_entry("other", request, place_, quiet_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->entry.name, "other");
  EXPECT_EQ(made->entry.platform, "generic");
  EXPECT_EQ(made->entry.base, std::nullopt);
  EXPECT_EQ(made->entry.fill, 7);
  EXPECT_EQ(made->entry.image.path, "image");
  EXPECT_EQ(made->notes.size(), 1U);  // shorter than the window
}

TEST_F(GoldenCheck, ANewEntryNeedsANameThatCanBeShown) {
  const SmRequest request{folder_ / "image", "generic", {}, {}, {}};
  EXPECT_TRUE(fails_with(make_entry("", request, place_, quiet_), ErrorCode::usage));
  EXPECT_TRUE(fails_with(make_entry("a\x1b", request, place_, quiet_), ErrorCode::usage));
}

// --- page-walk profiles -----------------------------------------------------------------------

// An entry that says everything which an entry of any profile says.
GoldenEnclave entry_of(const GoldenEnclave& like, std::string_view profile) {
  GoldenEnclave entry = like;
  entry.profile = profile;
  if (info(*profile_from_name(profile)).scheme == Scheme::page_walk) {
    entry.loader.reset();
    entry.page_walk = {1, 2, 3, 4, 5, 6, 7};
  }
  return entry;
}

TEST_F(GoldenCheck, ARequestIsWhatTheEntrySays) {
  for (const ProfileInfo& row : profiles()) {
    SCOPED_TRACE(row.name);
    const auto request = request_of(entry_of(golden_.enclaves[0], row.name), place_);
    ASSERT_TRUE(request);
    const bool is_page_walk = row.scheme == Scheme::page_walk;
    EXPECT_EQ(request->profile, row.profile);
    EXPECT_EQ(request->eapp, folder_ / "e0");
    EXPECT_EQ(request->runtime, folder_ / "runtime");
    EXPECT_EQ(request->loader, is_page_walk ? "" : folder_ / "loader");
    EXPECT_EQ(request->page_walk.user_entry, is_page_walk ? std::optional(7U) : std::nullopt);
    EXPECT_EQ(request->page_walk.untrusted_ptr, is_page_walk ? std::optional(1U) : std::nullopt);
  }
}

TEST_F(GoldenCheck, AnEntryMustFitItsProfile) {
  const GoldenEnclave like = golden_.enclaves[0];
  for (const ProfileInfo& row : profiles()) {
    SCOPED_TRACE(row.name);
    GoldenEnclave entry = entry_of(like, row.name);
    const bool is_page_walk = row.scheme == Scheme::page_walk;
    entry.loader = is_page_walk ? like.loader : std::nullopt;
    EXPECT_TRUE(fails_with(request_of(entry, place_), ErrorCode::malformed,
                           is_page_walk ? "has no loader" : "needs a loader"));
    golden_.enclaves = {entry};
    EXPECT_EQ(check(1)[0].state, EntryState::error);
    EXPECT_TRUE(fails_with(update_golden(golden_, place_, quiet_), ErrorCode::malformed));
  }
}

}  // namespace
}  // namespace keystone::cli
