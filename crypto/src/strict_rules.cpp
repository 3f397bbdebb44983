// SPDX-License-Identifier: Apache-2.0
#include "strict_rules.hpp"

#include <algorithm>
#include <array>

namespace keystone::detail {
namespace {

using PointBytes = std::span<const std::uint8_t, 32>;
using YCoordinate = std::array<std::uint8_t, 32>;

constexpr std::uint8_t kSignBit = 0x80;

// p = 2^255 - 19 plus `above`, little-endian. Requires above < 19.
constexpr YCoordinate field_order_plus(int above) {
  YCoordinate y{};
  y.fill(0xff);
  y[0] = static_cast<std::uint8_t>(0xed + above);
  y[31] = 0x7f;
  return y;
}

// The y of the points of order 1, 2, 4 and 8, those not below p included; with either sign of x
// they are the 14 encodings. RFC 8032, section 5.1 has the curve; the tests multiply each by 8.
constexpr std::array<YCoordinate, 7> kSmallOrderY = {{
    {0},                   // order 4
    {1},                   // order 1
    field_order_plus(-1),  // order 2
    field_order_plus(0),   // 0 again
    field_order_plus(1),   // 1 again
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

YCoordinate y_of(PointBytes point) {
  YCoordinate y{};
  std::copy(point.begin(), point.end(), y.begin());
  y[31] &= static_cast<std::uint8_t>(~kSignBit);
  return y;
}

bool has_small_order(PointBytes point) {
  return std::find(kSmallOrderY.begin(), kSmallOrderY.end(), y_of(point)) != kSmallOrderY.end();
}

// Whether y < p. The encodings with x = 0 and the sign bit set have small order: they are found
// before this is asked.
bool is_canonical(PointBytes point) {
  const YCoordinate y = y_of(point);
  const YCoordinate p = field_order_plus(0);
  return std::lexicographical_compare(y.rbegin(), y.rend(), p.rbegin(), p.rend());
}

}  // namespace

SignatureResult check_key_encoding(PointBytes key) {
  if (has_small_order(key)) {
    return SignatureResult::key_small_order;
  }
  return is_canonical(key) ? SignatureResult::valid : SignatureResult::key_non_canonical;
}

SignatureResult check_commitment(PointBytes r) {
  if (has_small_order(r)) {
    return SignatureResult::r_small_order;
  }
  return is_canonical(r) ? SignatureResult::valid : SignatureResult::r_non_canonical;
}

}  // namespace keystone::detail
