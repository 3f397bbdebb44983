// SPDX-License-Identifier: Apache-2.0
#include "store/audit_chain.hpp"

#include "keystone/testing/fails_with.hpp"

namespace keystone::server {
namespace {

using testing::succeeds;
using Kind = AuditBreak::Kind;

Instant at(int seconds) {
  return Instant(std::chrono::seconds(seconds));
}

// A good log of `count` records.
std::vector<AuditRecord> log_of(std::size_t count) {
  std::vector<AuditRecord> log;
  AuditHead head = AuditHead::start();
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string text = std::to_string(i);
    log.push_back(next_record(head, {at(static_cast<int>(i)), "kind", "actor", text}).value());
    head = {log.back().seq, log.back().hash};
  }
  return log;
}

AuditHead head_of(const AuditRecord& record) {
  return {record.seq, record.hash};
}

Checkpoint checkpoint_of(const AuditRecord& record) {
  return {head_of(record), at(0), "jws"};
}

// What a chain says of `log`, whose end is claimed to be where it is or where `claimed` is.
std::optional<AuditBreak> break_in(const std::vector<AuditRecord>& log,
                                   const std::vector<Checkpoint>& checkpoints = {},
                                   std::optional<AuditHead> claimed = {}) {
  AuditChain chain(AuditHead::start(), checkpoints);
  for (const AuditRecord& record : log) {
    if (const auto broken = chain.add(record).value()) {
      return broken;
    }
  }
  return chain.finish(claimed.value_or(chain.head()));
}

std::optional<AuditBreak> broken(std::uint64_t seq, Kind kind) {
  return AuditBreak{seq, kind};
}

// The hashes are Python's hashlib's, over bytes put together with its struct.
TEST(AuditChain, HashesAsAnotherImplementationDoes) {
  const auto first = next_record(AuditHead::start(),
                                 {at(1'800'000'000), "verdict", "board-7", R"({"accepted":true})"});
  ASSERT_TRUE(succeeds(first));
  EXPECT_EQ(first->hash.hex(),
            "3be5ff4ae4893714257998bd43052fe929903a3e65a84af9e7fe40fb6c31974e"
            "0919ccdd770adc9adc6b2b02d3187fbb4d57a03e56181e12848b50b5e257ef06");
  const auto second = next_record(head_of(*first), {at(1'800'000'001), "", "", ""});
  ASSERT_TRUE(succeeds(second));
  EXPECT_EQ(second->hash.hex(),
            "476ca91cd763022bc6b037687937f33748dbb51109bcba011324c0bb2dd448fd"
            "59e904e9525a088d5101aa0462a3389ed42dbab84e7e88f7d7a4901246e087b0");
  const auto third = next_record(head_of(*second), {at(-1),
                                                    "gr\xc3\xb6\xc3\x9f"
                                                    "e",
                                                    "x", "{}"});
  ASSERT_TRUE(succeeds(third));
  EXPECT_EQ(third->seq, 3U);
  EXPECT_EQ(third->hash.hex(),
            "9d85667dc3ed8240569c565d19c5320f51dcd16488f0c012cc4a18f375da7c4f"
            "2ad3a607a59b308dc053c1c1f0f0c2ed706312d7e95e7eb48baa30dbf05a2652");
}

TEST(AuditChain, TakesAGoodLog) {
  EXPECT_EQ(break_in({}), std::nullopt);
  const auto log = log_of(5);
  EXPECT_EQ(break_in(log), std::nullopt);
  EXPECT_EQ(break_in(log, {checkpoint_of(log[4]), checkpoint_of(log[1])}), std::nullopt);
}

TEST(AuditChain, TakesTheRestOfAPrunedLog) {
  const auto log = log_of(5);
  AuditChain chain(head_of(log[1]), {checkpoint_of(log[0]), checkpoint_of(log[1])});
  for (std::size_t i = 2; i < log.size(); ++i) {
    EXPECT_EQ(chain.add(log[i]).value(), std::nullopt);
  }
  EXPECT_EQ(chain.finish(head_of(log[4])), std::nullopt);
}

TEST(AuditChain, NamesARecordOfWhichAnyFieldWasChanged) {
  for (std::size_t i = 0; i < 5; ++i) {
    const auto good = log_of(5);
    std::vector<AuditRecord> changed(5, good[i]);
    changed[0].event.time += std::chrono::seconds(1);
    changed[1].event.kind += "x";
    changed[2].event.actor.clear();
    changed[3].event.body = "0";
    changed[4].hash = AuditHead::start().hash;
    for (const AuditRecord& record : changed) {
      auto log = good;
      log[i] = record;
      EXPECT_EQ(break_in(log), broken(i + 1, Kind::wrong_hash));
    }
  }
}

TEST(AuditChain, KnowsWhereOneTextEndsAndTheNextBegins) {
  auto log = log_of(2);
  log[1].event.kind = "kin";
  log[1].event.actor = "dactor";
  EXPECT_EQ(break_in(log), broken(2, Kind::wrong_hash));
}

TEST(AuditChain, NamesTheRecordAfterOneThatHadItsHashMadeAnew) {
  auto log = log_of(5);
  log[1] = next_record(head_of(log[0]), {at(2), "kind", "actor", "forged"}).value();
  EXPECT_EQ(break_in(log), broken(3, Kind::wrong_hash));
}

TEST(AuditChain, NamesTheCheckpointThatALogMadeAnewContradicts) {
  const auto good = log_of(5);
  std::vector<AuditRecord> log = {good[0]};
  for (std::size_t i = 1; i < 5; ++i) {
    log.push_back(next_record(head_of(log.back()), {at(0), "kind", "actor", "forged"}).value());
  }
  EXPECT_EQ(break_in(log), std::nullopt);
  EXPECT_EQ(break_in(log, {checkpoint_of(good[3])}), broken(4, Kind::rewritten));
}

TEST(AuditChain, TakesCheckpointsInAnyOrderAndSeveralOfOneRecord) {
  const auto log = log_of(5);
  const auto of = [&](std::size_t seq) { return checkpoint_of(log[seq - 1]); };
  EXPECT_EQ(break_in(log, {of(5), of(2), of(4), of(2), of(1)}), std::nullopt);
  Checkpoint wrong = of(2);
  wrong.head.hash = log[0].hash;
  EXPECT_EQ(break_in(log, {of(5), wrong, of(4), of(2)}), broken(2, Kind::rewritten));
  EXPECT_EQ(break_in(log, {of(5), of(2), of(4), wrong}), broken(2, Kind::rewritten));
  const std::vector<AuditRecord> cut(log.begin(), log.begin() + 3);
  EXPECT_EQ(break_in(cut, {of(5), of(2), of(3)}), broken(4, Kind::missing));
}

TEST(AuditChain, NamesARecordThatWasRemoved) {
  for (std::size_t i = 0; i < 4; ++i) {
    auto log = log_of(5);
    log.erase(log.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(break_in(log), broken(i + 1, Kind::missing));
  }
}

TEST(AuditChain, NamesRecordsThatChangedPlaces) {
  auto log = log_of(5);
  std::swap(log[1], log[3]);
  EXPECT_EQ(break_in(log), broken(2, Kind::missing));
  log = log_of(5);
  std::swap(log[1].event, log[3].event);
  EXPECT_EQ(break_in(log), broken(2, Kind::wrong_hash));
}

TEST(AuditChain, NamesARecordThatWasInserted) {
  auto log = log_of(5);
  log.insert(log.begin() + 2, log[1]);
  EXPECT_EQ(break_in(log), broken(2, Kind::out_of_order));
}

TEST(AuditChain, NamesTheFirstRecordOfATailThatWasCut) {
  const auto good = log_of(5);
  const std::vector<AuditRecord> cut(good.begin(), good.begin() + 3);
  EXPECT_EQ(break_in(cut), std::nullopt);
  EXPECT_EQ(break_in(cut, {checkpoint_of(good[4])}), broken(4, Kind::missing));
  EXPECT_EQ(break_in(cut, {}, head_of(good[4])), broken(4, Kind::missing));
  EXPECT_EQ(break_in({}, {checkpoint_of(good[0])}), broken(1, Kind::missing));
}

TEST(AuditChain, NamesWhatIsBehindTheEnd) {
  const auto log = log_of(5);
  EXPECT_EQ(break_in(log, {}, head_of(log[3])), broken(5, Kind::out_of_order));
}

TEST(AuditChain, NamesAnEndWithAnotherHash) {
  const auto log = log_of(5);
  EXPECT_EQ(break_in(log, {}, AuditHead{5, log[0].hash}), broken(5, Kind::rewritten));
}

TEST(AuditChain, NamesABaseThatACheckpointContradicts) {
  const auto log = log_of(3);
  const AuditHead forged{2, log[0].hash};
  AuditChain chain(forged, {checkpoint_of(log[1])});
  EXPECT_EQ(chain.finish(forged), broken(2, Kind::rewritten));
  EXPECT_EQ(chain.add(log[2]).value(), broken(2, Kind::rewritten));
}

TEST(AuditChain, NamesTheFirstRecordBehindAForgedBase) {
  const auto log = log_of(3);
  AuditChain chain(AuditHead{2, log[0].hash});
  EXPECT_EQ(chain.add(log[2]).value(), broken(3, Kind::wrong_hash));
}

}  // namespace
}  // namespace keystone::server
