// SPDX-License-Identifier: Apache-2.0
// Keys in lanes with which something is wrong.
#include "lanes_support.hpp"

#include <optional>

namespace keystone::detail::ed25519 {
namespace {

// One and two keys go another way than more. What all of them are told, if it is the same.
std::optional<KeyFault> fault_of(const LaneEngine& engine, const EncodedPoint& key) {
  const Scalar one = {1};
  std::optional<KeyFault> fault;
  for (const std::size_t count : {1U, 2U, 3U}) {
    const std::vector<LaneJob> jobs(count, LaneJob{&one, &one, nullptr, &key});
    std::vector<LaneResult> results(count);
    combine_lanes(engine, jobs, results);
    for (const LaneResult& result : results) {
      if (fault.value_or(result.fault) != result.fault) {
        return std::nullopt;
      }
      fault = result.fault;
    }
  }
  return fault;
}

TEST(LanesFaults, KnowAKeyPlusEachPointOfSmallOrder) {
  Source source(8036);
  const auto torsion = compat::torsion_points();
  for (const LaneEngine* const engine : engines()) {
    for (int round = 0; round < 40; ++round) {
      const EncodedPoint key = source.key();
      EXPECT_EQ(fault_of(*engine, key), KeyFault::none);
      for (std::size_t i = 1; i < torsion.size(); ++i) {
        EXPECT_EQ(fault_of(*engine, compat::add(key, torsion[i])), KeyFault::mixed_order);
      }
    }
  }
}

// y from 2 on, of which half are not on the curve, and of the points one in eight has prime order.
TEST(LanesFaults, KnowEveryKindOfSmallY) {
  int prime = 0;
  for (std::uint8_t y = 2; y < 80; ++y) {
    for (const std::uint8_t sign : {std::uint8_t{0}, std::uint8_t{0x80}}) {
      EncodedPoint key = {y};
      key[31] = sign;
      KeyFault expected = KeyFault::not_on_curve;
      if (compat::is_on_curve(key)) {
        const bool is_prime = compat::times(compat::kGroupOrder, key) == compat::kIdentity;
        expected = is_prime ? KeyFault::none : KeyFault::mixed_order;
        prime += is_prime ? 1 : 0;
      }
      for (const LaneEngine* const engine : engines()) {
        EXPECT_EQ(fault_of(*engine, key), expected) << unsigned{y};
      }
    }
  }
  EXPECT_GT(prime, 4);
}

// What is wrong with one key is nothing to its neighbours, wherever it lies.
TEST(LanesFaults, KeepTheFaultsOfTheirNeighboursOut) {
  Source source(8037);
  const auto questions = random_questions(20, source);
  const EncodedPoint none = {2};
  ASSERT_FALSE(compat::is_on_curve(none));
  const EncodedPoint mixed = compat::add(source.key(), compat::torsion_points()[1]);
  for (const LaneEngine* const engine : engines()) {
    for (std::size_t at = 0; at < questions.size(); ++at) {
      std::vector<LaneJob> jobs;
      std::transform(questions.begin(), questions.end(), std::back_inserter(jobs),
                     [](const Question& question) { return question.job(); });
      const std::size_t next = (at + 1) % jobs.size();
      jobs[at] = {&questions[at].s, &questions[at].k, nullptr, &none};
      jobs[next] = {&questions[next].s, &questions[next].k, nullptr, &mixed};
      std::vector<LaneResult> results(jobs.size());
      combine_lanes(*engine, jobs, results);
      for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (i == at) {
          EXPECT_EQ(results[i].fault, KeyFault::not_on_curve);
        } else if (i == next) {
          EXPECT_EQ(results[i].fault, KeyFault::mixed_order);
        } else {
          EXPECT_EQ(results[i].fault, KeyFault::none);
          EXPECT_EQ(results[i].encoded, questions[i].expected) << i << " beside " << at;
        }
      }
    }
  }
}

TEST(LanesFaults, KeepTheFaultOfOneOfTwoKeysOut) {
  Source source(8039);
  const EncodedPoint none = {2};
  const EncodedPoint mixed = compat::add(source.key(), compat::torsion_points()[4]);
  const Question good(source.scalar(), source.scalar(), source.key(), 0);
  for (const LaneEngine* const engine : engines()) {
    for (const EncodedPoint& bad : {none, mixed}) {
      for (const std::size_t at : {0U, 1U}) {
        std::vector<LaneJob> jobs(2, good.job());
        jobs[at].key = &bad;
        std::vector<LaneResult> results(2);
        combine_lanes(*engine, jobs, results);
        EXPECT_NE(results[at].fault, KeyFault::none);
        EXPECT_EQ(results[1 - at].fault, KeyFault::none);
        EXPECT_EQ(results[1 - at].encoded, good.expected);
      }
    }
  }
}

}  // namespace
}  // namespace keystone::detail::ed25519
