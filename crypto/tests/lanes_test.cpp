// SPDX-License-Identifier: Apache-2.0
// Lanes against libsodium, one combination after another.
#include "lanes_support.hpp"

namespace keystone::detail::ed25519 {
namespace {

// Digits of one value in every window, and what lies at the ends of the range.
std::vector<Scalar> edge_scalars() {
  std::vector<Scalar> edges = {Scalar{}, Scalar{1}, Scalar{2}, compat::kGroupOrder};
  --edges.back()[0];
  for (const unsigned width : {4U, 5U, 6U, 7U, 8U}) {
    for (const unsigned digit : {1U, (1U << (width - 1)) - 1, 1U << (width - 1),
                                 (1U << (width - 1)) + 1, (1U << width) - 1}) {
      Scalar repeated{};
      for (unsigned bit = 0; bit < 252; ++bit) {
        repeated[bit / 8] |= static_cast<std::uint8_t>((digit >> bit % width & 1U) << bit % 8);
      }
      edges.push_back(repeated);
    }
  }
  return edges;
}

TEST(Lanes, AnswerAlikeInBatchesOfEverySize) {
  Source source(8032);
  const auto questions = random_questions(129, source);
  for (std::size_t size = 0; size <= questions.size(); ++size) {
    expect_agreement(std::span(questions).last(size));
  }
}

TEST(Lanes, AnswerAlikeForOneKeyAndForTwo) {
  Source source(8038);
  for (const Scalar& edge : edge_scalars()) {
    const std::vector<Question> two = {{edge, source.scalar(), source.key(), 0},
                                       {source.scalar(), edge, source.key(), 0}};
    expect_agreement(two);
    expect_agreement(std::span(two).first(1));
    expect_agreement(std::span(two).last(1));
  }
}

TEST(Lanes, AnswerAlikeInMoreRoundsThanOne) {
  Source source(8033);
  const auto few = random_questions(20, source);
  std::vector<Question> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(few[source.number() % few.size()]);
  }
  expect_agreement(many);
}

TEST(Lanes, AnswerAlikeForScalarsAtTheEdges) {
  Source source(8034);
  const EncodedPoint key = source.key();
  const auto edges = edge_scalars();
  for (const unsigned width : kWidths) {
    std::vector<Question> questions;
    for (const Scalar& edge : edges) {
      questions.emplace_back(edge, edges[source.number() % edges.size()], key, width);
      questions.emplace_back(source.scalar(), edge, key, width);
    }
    expect_agreement(questions);
  }
}

// The sum is the identity, or passes through it, when both parts are the same point.
TEST(Lanes, AnswerAlikeWhereTheSumIsTheIdentity) {
  Source source(8035);
  std::vector<Question> questions;
  for (const unsigned width : kWidths) {
    const Scalar a = source.scalar();
    const Scalar k = source.scalar();
    Scalar s{};
    crypto_core_ed25519_scalar_mul(s.data(), k.data(), a.data());
    questions.emplace_back(s, k, compat::times_base(a), width);
    EXPECT_EQ(questions.back().expected, compat::kIdentity);
    questions.emplace_back(k, k, compat::times_base(Scalar{1}), width);
    EXPECT_EQ(questions.back().expected, compat::kIdentity);
    questions.emplace_back(k, s, compat::times_base(Scalar{1}), width);
    questions.emplace_back(Scalar{}, Scalar{}, compat::times_base(a), width);
  }
  expect_agreement(questions);
}

TEST(Lanes, HaveTheFastestEngineAsTheBest) {
  const auto all = engines();
  EXPECT_EQ(best_lane_engine(), all.empty() ? nullptr : all.front());
  for (const LaneEngine* const engine : all) {
    EXPECT_EQ(lane_count(*engine), engine == lane_engine(LanePath::avx2) ? 4U : 8U);
  }
}

}  // namespace
}  // namespace keystone::detail::ed25519
