// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ed25519/lanes_decode.hpp"

// Sums of multiples in lanes, as Group in lanes_kernel.hpp has them. For lanes_*.cpp alone.
namespace keystone::detail::ed25519::lanes {
namespace {

// The neutral element as an Affine and as a Cached.
alignas(64) constexpr std::uint64_t kIdentityRow[24] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
                                                        0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0};

// The summands of one window: where each lane's lies, and whether it is to be negated.
template <class Field>
struct Summands {
  const std::uint64_t* row[kMaxLanes];
  alignas(64) std::uint64_t negative[kMaxLanes];  // all bits or none

  template <class Point>
  [[gnu::always_inline]] Point load() const {
    Point point;
    load_rows(row, point.field);
    return negate_where(Field::mask_of(negative), point);
  }
};

// Window i of the lane's scalar, which came as Group says.
[[gnu::always_inline]] inline std::uint64_t window_at(const Numbers& scalars, unsigned i,
                                                      unsigned width, std::size_t lane) {
  const unsigned word = i * width / 64;
  const unsigned shift = i * width % 64;
  const bool crosses = shift + width > 64 && word < 3;
  const std::uint64_t above = crosses ? scalars.word[word + 1][lane] << (64 - shift) : 0;
  return (scalars.word[word][lane] >> shift | above) & ((std::uint64_t{1} << width) - 1);
}

// Those of window i. `multiples[lane]` has 1, 2, ..., 2^(width - 1) times the lane's point, in rows
// of Stride words.
template <class Field, std::size_t Stride>
[[gnu::always_inline]] inline Summands<Field> summands_at(const Numbers& scalars, unsigned i,
                                                          unsigned width,
                                                          const std::uint64_t* const* multiples) {
  const std::uint64_t offset = i + 1 < window_count(width) ? std::uint64_t{1} << (width - 1) : 0;
  Summands<Field> summands;
  for (std::size_t lane = 0; lane < Field::kLanes; ++lane) {
    const std::uint64_t window = window_at(scalars, i, width, lane);
    const bool negative = window < offset;
    const std::uint64_t magnitude = negative ? offset - window : window - offset;
    summands.negative[lane] = negative ? ~std::uint64_t{0} : 0;
    summands.row[lane] = magnitude == 0 ? kIdentityRow : multiples[lane] + (magnitude - 1) * Stride;
  }
  return summands;
}

// The same out of the entries of KeyTables, which are asked for from memory.
template <class Field>
[[gnu::always_inline]] inline Summands<Field> summands_in(const std::uint64_t* const* entries,
                                                          const Numbers& scalars, unsigned i,
                                                          unsigned width) {
  const std::uint64_t* window[kMaxLanes];
  for (std::size_t lane = 0; lane < Field::kLanes; ++lane) {
    window[lane] = entries[lane] + i * (kEntryWords << (width - 1));
  }
  const auto summands = summands_at<Field, kEntryWords>(scalars, i, width, window);
  for (std::size_t lane = 0; lane < Field::kLanes; ++lane) {
    __builtin_prefetch(summands.row[lane]);
    __builtin_prefetch(summands.row[lane] + kEntryWords / 2);
  }
  return summands;
}

// sum + n P, without doublings: `entries` are those of KeyTables for P.
template <class Field>
Sum<Field> add_multiple(Sum<Field> sum, const Numbers& n, unsigned width,
                        const std::uint64_t* const* entries) {
  // The tables are larger than the nearest cache: one window ahead is fetched during each sum.
  auto next = summands_in<Field>(entries, n, 0, width);
  for (unsigned i = 0; i < window_count(width); ++i) {
    const auto summands = next;
    if (i + 1 < window_count(width)) {
      next = summands_in<Field>(entries, n, i + 1, width);
    }
    sum = to_sum(add(sum, summands.template load<Affine<Field>>()));
  }
  return sum;
}

// The multiples 1 to 2^(kKeyWidth - 1) of one point for each lane.
template <class Field>
class Multiples {
 public:
  static constexpr std::size_t kStride = 24;  // words of a Cached, up to a whole cache line

  explicit Multiples(const Sum<Field>& point) {
    const Cached<Field> step = to_cached(point);
    Sum<Field> multiple = point;
    store(0, step);
    for (std::size_t i = 1; i < kCount; ++i) {
      multiple = to_sum(add(multiple, step));
      store(i, to_cached(multiple));
    }
    for (std::size_t lane = 0; lane < Field::kLanes; ++lane) {
      lane_[lane] = rows_[lane][0];
    }
  }

  [[nodiscard]] const std::uint64_t* const* lanes() const { return lane_; }

 private:
  static constexpr std::size_t kCount = std::size_t{1} << (kKeyWidth - 1);

  void store(std::size_t i, const Cached<Field>& multiple) {
    std::uint64_t* to[kMaxLanes];
    for (std::size_t lane = 0; lane < Field::kLanes; ++lane) {
      to[lane] = rows_[lane][i];
    }
    store_rows(multiple.field, to);
  }

  alignas(64) std::uint64_t rows_[Field::kLanes][kCount][kStride];
  const std::uint64_t* lane_[kMaxLanes];
};

// 2^kKeyWidth p + q. Leaves a multiple of p in its place.
template <class Field>
[[gnu::always_inline]] inline Completed<Field> next_window(Projective<Field>& p,
                                                           const Cached<Field>& q) {
  for (unsigned bit = 1; bit < kKeyWidth; ++bit) {
    p = to_projective(twice(p));
  }
  return add(to_sum(twice(p)), q);
}

// n P, for P = (x, y).
template <class Field>
Sum<Field> multiply_point(const Numbers& n, const Field& x, const Field& y) {
  const Multiples<Field> multiples(
      {sum(y, x), difference(y, x), Field::repeat(kOne), product(x, y)});
  const auto summand = [&](unsigned i) {
    return summands_at<Field, Multiples<Field>::kStride>(n, i, kKeyWidth, multiples.lanes())
        .template load<Cached<Field>>();
  };
  unsigned i = window_count(kKeyWidth) - 1;
  Projective<Field> p = to_projective(add(identity<Field>(), summand(i)));
  while (--i > 0) {
    p = to_projective(next_window(p, summand(i)));
  }
  return to_sum(next_window(p, summand(0)));
}

// With 1 / (2 Z).
template <class Field>
void encode(const Sum<Field>& a, const Field& half_z, Group& group) {
  const auto x = multiply(difference(a.plus, a.minus), half_z);
  const auto y = multiply(sum(a.plus, a.minus), half_z);
  store(y, is_odd(x), group.encoded);
}

// One sum for each group, with one inversion (Montgomery's trick). No Z is zero.
template <class Field>
void encode_all(const Sum<Field>* sums, Group* groups, std::size_t count) {
  Field before[kMaxGroups];  // the product of what comes before, of 2 Z each
  Field all = Field::repeat(kOne);
  for (std::size_t i = 0; i < count; ++i) {
    before[i] = all;
    all = product(all, sum(sums[i].z, sums[i].z));
  }
  Field inverse = invert(powers(all));
  for (std::size_t i = count; i-- > 0;) {
    encode(sums[i], product(inverse, before[i]), groups[i]);
    inverse = product(inverse, sum(sums[i].z, sums[i].z));
  }
}

template <class Field>
void combine_with_tables(Group* groups, std::size_t count, const std::uint64_t* const* base) {
  Sum<Field> sums[kMaxGroups];
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = add_multiple(identity<Field>(), groups[i].k, groups[i].width, groups[i].entries);
    sums[i] = add_multiple(sums[i], groups[i].s, kBaseWidth, base);
  }
  encode_all(sums, groups, count);
}

template <class Field>
void combine_with_keys(Group* groups, std::size_t count, const std::uint64_t* const* base) {
  Sum<Field> sums[kMaxGroups];
  for (std::size_t i = 0; i < count; ++i) {
    Field y;
    load(groups[i].key, y);
    const Quotient<Field> xx = square_of_x(y);
    const unsigned odd = Field::mask_of(groups[i].key.word[3]);
    const Decoded<Field> key = decode(y, root_of_quotient(xx.u, xx.v), odd);
    const Quotient<Field> u = montgomery_u(key.y);
    const OrderTest<Field> test = test_order(key.x, root_of_quotient(u.u, u.v));
    groups[i].on_curve = key.on_curve;
    groups[i].prime_order = test.is_double & is_fourth_power(test.number, powers(test.number));
    const Field minus_x = difference(Field::repeat(kZero), key.x);
    sums[i] = multiply_point(groups[i].k, minus_x, key.y);
    sums[i] = add_multiple(sums[i], groups[i].s, kBaseWidth, base);
  }
  encode_all(sums, groups, count);
}

}  // namespace
}  // namespace keystone::detail::ed25519::lanes
