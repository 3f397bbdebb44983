// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the lanes against Crypto++'s integers, above all where limbs are as large as
// they may be.
#include "ed25519/lanes.hpp"
#include "lanes_field_probe.hpp"

#include <random>
#include <vector>

#include <cryptopp/integer.h>
#include <gtest/gtest.h>

namespace keystone::detail::ed25519::lanes {
namespace {

using CryptoPP::Integer;

const Integer kPrime = Integer::Power2(255) - 19;

// A number below 2^64, which no constructor of Integer takes on every machine.
Integer integer(std::uint64_t number) {
  return Integer(static_cast<long>(number >> 32U)) * Integer::Power2(32) +
         Integer(static_cast<long>(number & 0xffffffffU));
}

// One kernel's field with what its limbs may be.
struct Case {
  const FieldProbe* probe;
  std::vector<unsigned> weight;            // limb i counts 2^weight[i]
  std::vector<std::uint64_t> operand_max;  // what multiply() takes
  std::vector<std::uint64_t> tight_max;    // what carry() gives
  std::uint64_t wide_max;                  // what a Wide may have
  std::uint64_t carry_max;                 // what carry() takes
};

constexpr std::uint64_t power2(unsigned n) {
  return std::uint64_t{1} << n;
}

std::vector<Case> cases() {
  std::vector<Case> all;
#if defined(__x86_64__)
  if (lane_engine(LanePath::ifma) != nullptr) {
    all.push_back({&kIfmaProbe,
                   {0, 51, 102, 153, 204},
                   std::vector<std::uint64_t>(5, power2(52) - 1),
                   std::vector<std::uint64_t>(5, power2(51) + power2(18) - 1),
                   power2(62) - 1,
                   ~std::uint64_t{0}});
  }
  if (lane_engine(LanePath::avx2) != nullptr) {
    Case avx2{&kAvx2Probe, {}, {}, {}, power2(61) - power2(37) - 1, power2(63) + power2(62) - 1};
    for (unsigned i = 0; i < 10; ++i) {
      const bool even = i % 2 == 0;
      avx2.weight.push_back((51 * i + 1) / 2);
      avx2.operand_max.push_back(power2(even ? 27 : 26) - 1);
      avx2.tight_max.push_back((even ? power2(26) + power2(15) : power2(25) + power2(18)) - 1);
    }
    all.push_back(avx2);
  }
#endif
  return all;
}

Integer value(const Case& field, const RawLimbs& raw, std::size_t lane) {
  Integer sum;
  for (std::size_t i = 0; i < field.probe->limbs; ++i) {
    sum += integer(raw.limb[i][lane]) * Integer::Power2(field.weight[i]);
  }
  return sum;
}

Integer value(const Numbers& numbers, std::size_t lane) {
  Integer sum;
  for (std::size_t i = 0; i < 4; ++i) {
    sum += integer(numbers.word[i][lane]) * Integer::Power2(static_cast<unsigned>(64 * i));
  }
  return sum;
}

// Zero, one, the largest, one less, and numbers of every size between.
std::uint64_t limb_up_to(std::uint64_t max, std::mt19937_64& random) {
  switch (random() % 6) {
    case 0:
      return 0;
    case 1:
      return 1;
    case 2:
      return max;
    case 3:
      return max - 1;
    default:
      return (random() >> random() % 64) % max;
  }
}

RawLimbs limbs_up_to(const std::vector<std::uint64_t>& max, std::mt19937_64& random) {
  RawLimbs raw{};
  for (std::size_t i = 0; i < max.size(); ++i) {
    for (std::uint64_t& limb : raw.limb[i]) {
      limb = limb_up_to(max[i], random);
    }
  }
  return raw;
}

RawLimbs constant(std::uint64_t limb) {
  RawLimbs raw{};
  for (auto& row : raw.limb) {
    std::fill(std::begin(row), std::end(row), limb);
  }
  return raw;
}

RawLimbs largest(const std::vector<std::uint64_t>& max) {
  RawLimbs raw{};
  for (std::size_t i = 0; i < max.size(); ++i) {
    std::fill(std::begin(raw.limb[i]), std::end(raw.limb[i]), max[i]);
  }
  return raw;
}

using Operation = void (*)(const RawLimbs&, const RawLimbs&, Numbers&);

// Whether the operation on limbs up to these is what `expected` says of the numbers.
template <class Expected>
void expect_agreement(const Case& field, Operation operation,
                      const std::vector<std::uint64_t>& max_a,
                      const std::vector<std::uint64_t>& max_b, Expected expected, int rounds) {
  std::mt19937_64 random(25519);
  for (int round = 0; round < rounds; ++round) {
    const RawLimbs a = round == 0 ? largest(max_a) : limbs_up_to(max_a, random);
    const RawLimbs b = round == 0 ? largest(max_b) : limbs_up_to(max_b, random);
    Numbers out{};
    operation(a, b, out);
    for (std::size_t lane = 0; lane < field.probe->lanes; ++lane) {
      ASSERT_EQ(value(out, lane), expected(value(field, a, lane), value(field, b, lane)))
          << "lane " << lane << ", round " << round;
    }
  }
}

TEST(LanesField, MultipliesTheLargestLimbsThatItTakes) {
  for (const Case& field : cases()) {
    const auto product = [](const Integer& a, const Integer& b) { return a * b % kPrime; };
    // The smaller field takes one factor that is not tight.
    const auto& other = field.probe->limbs == 5 ? field.operand_max : field.tight_max;
    expect_agreement(field, field.probe->multiply, other, field.operand_max, product, 300);
  }
}

TEST(LanesField, SquaresTheLargestLimbsThatItTakes) {
  for (const Case& field : cases()) {
    const auto square = [](const Integer& a, const Integer&) { return a * a % kPrime; };
    expect_agreement(field, field.probe->square, field.tight_max, field.tight_max, square, 300);
  }
}

TEST(LanesField, AddsAndSubtractsTheWidestLimbs) {
  for (const Case& field : cases()) {
    const std::vector<std::uint64_t> half(field.probe->limbs, field.wide_max / 2);
    const std::vector<std::uint64_t> wide(field.probe->limbs, field.wide_max);
    expect_agreement(
        field, field.probe->sum, half, half,
        [](const Integer& a, const Integer& b) { return (a + b) % kPrime; }, 300);
    expect_agreement(
        field, field.probe->difference, wide, wide,
        [](const Integer& a, const Integer& b) {
          return (a % kPrime + kPrime - b % kPrime) % kPrime;
        },
        300);
  }
}

TEST(LanesField, NegatesWhatIsTight) {
  for (const Case& field : cases()) {
    expect_agreement(
        field, field.probe->negated, field.tight_max, field.tight_max,
        [](const Integer& a, const Integer&) { return (kPrime - a % kPrime) % kPrime; }, 300);
  }
}

TEST(LanesField, RaisesToBothExponents) {
  for (const Case& field : cases()) {
    const auto power = [](const Integer& a, const Integer& e) {
      return a_exp_b_mod_c(a % kPrime, e, kPrime);
    };
    expect_agreement(
        field, field.probe->invert, field.tight_max, field.tight_max,
        [&](const Integer& a, const Integer&) { return power(a, kPrime - 2); }, 20);
    expect_agreement(
        field, field.probe->root, field.tight_max, field.tight_max,
        [&](const Integer& a, const Integer&) { return power(a, (kPrime - 5) / 8); }, 20);
  }
}

TEST(LanesField, CarriesTheLargestLimbsToTightOnes) {
  std::mt19937_64 random(255);
  for (const Case& field : cases()) {
    const std::vector<std::uint64_t> max(field.probe->limbs, field.carry_max);
    for (int round = 0; round < 300; ++round) {
      const RawLimbs wide = round == 0 ? constant(field.carry_max) : limbs_up_to(max, random);
      RawLimbs tight{};
      field.probe->carried(wide, tight);
      for (std::size_t lane = 0; lane < field.probe->lanes; ++lane) {
        for (std::size_t i = 0; i < max.size(); ++i) {
          ASSERT_LE(tight.limb[i][lane], field.tight_max[i]) << "limb " << i;
        }
        ASSERT_EQ(value(field, tight, lane) % kPrime, value(field, wide, lane) % kPrime);
      }
    }
  }
}

// Zero has two forms below 2^255, and p + 18 is the last number that has two.
TEST(LanesField, FindsTheCanonicalFormOnBothSidesOfP) {
  for (const Case& field : cases()) {
    for (int above = -20; above < 40; ++above) {
      const Integer number = kPrime + above;
      RawLimbs raw{};
      for (std::size_t i = 0; i < field.probe->limbs; ++i) {
        const unsigned end = i + 1 < field.probe->limbs ? field.weight[i + 1] : 256;
        const Integer limb = (number >> field.weight[i]) % Integer::Power2(end - field.weight[i]);
        std::fill(std::begin(raw.limb[i]), std::end(raw.limb[i]),
                  static_cast<std::uint64_t>(limb.ConvertToLong()));
      }
      Numbers out{};
      field.probe->sum(raw, RawLimbs{}, out);
      for (std::size_t lane = 0; lane < field.probe->lanes; ++lane) {
        EXPECT_EQ(value(out, lane), number % kPrime) << above;
      }
    }
  }
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
