// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes.hpp"
#include "keystone/crypto_compat/curve.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_scalarmult_ed25519.h>

// Jobs for lanes, and what libsodium says to each.
namespace keystone::detail::ed25519 {

// Those that this processor has.
inline std::vector<const LaneEngine*> engines() {
  std::vector<const LaneEngine*> all;
  for (const LanePath path : {LanePath::ifma, LanePath::avx2}) {
    if (const LaneEngine* const engine = lane_engine(path); engine != nullptr) {
      all.push_back(engine);
    }
  }
  return all;
}

class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}

  std::uint64_t number() { return random_(); }

  Scalar scalar() {
    std::array<std::uint8_t, 64> wide{};
    std::generate(wide.begin(), wide.end(), [&] { return static_cast<std::uint8_t>(random_()); });
    Scalar reduced{};
    crypto_core_ed25519_scalar_reduce(reduced.data(), wide.data());
    return reduced;
  }

  EncodedPoint key() { return compat::times_base(scalar()); }

 private:
  std::mt19937_64 random_;
};

inline EncodedPoint times(const Scalar& k, const EncodedPoint& point) {
  EncodedPoint product = compat::kIdentity;
  if (k != Scalar{}) {
    EXPECT_EQ(crypto_scalarmult_ed25519_noclamp(product.data(), k.data(), point.data()), 0);
  }
  return product;
}

// One job, with what libsodium says to it. Width 0 stands for a key without a table.
struct Question {
  Scalar s;
  Scalar k;
  EncodedPoint key;
  std::shared_ptr<const KeyTable> table;
  EncodedPoint expected;

  Question(const Scalar& s_, const Scalar& k_, const EncodedPoint& key_, unsigned width)
      : s(s_),
        k(k_),
        key(key_),
        expected(compat::subtract(compat::times_base(s_), times(k_, key_))) {
    if (width != 0) {
      table = std::make_shared<KeyTable>(negate(decode(key).value()), width);
    }
  }

  [[nodiscard]] LaneJob job() const {
    return {&s, &k, table.get(), table == nullptr ? &key : nullptr};
  }
};

inline constexpr std::array<unsigned, 6> kWidths = {0, 4, 5, 6, 7, 8};

inline std::vector<Question> random_questions(std::size_t count, Source& source) {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < count; ++i) {
    questions.emplace_back(source.scalar(), source.scalar(), source.key(),
                           kWidths[source.number() % kWidths.size()]);
  }
  return questions;
}

inline std::vector<LaneResult> answers(const LaneEngine& engine,
                                       std::span<const Question> questions) {
  std::vector<LaneJob> jobs;
  std::transform(questions.begin(), questions.end(), std::back_inserter(jobs),
                 [](const Question& question) { return question.job(); });
  std::vector<LaneResult> results(jobs.size());
  combine_lanes(engine, jobs, results);
  return results;
}

inline void expect_agreement(std::span<const Question> questions) {
  for (const LaneEngine* const engine : engines()) {
    SCOPED_TRACE(lane_count(*engine));
    const auto results = answers(*engine, questions);
    for (std::size_t i = 0; i < questions.size(); ++i) {
      ASSERT_EQ(results[i].fault, KeyFault::none) << i;
      ASSERT_EQ(results[i].encoded, questions[i].expected) << i;
    }
  }
}

}  // namespace keystone::detail::ed25519
