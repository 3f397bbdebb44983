// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/signature.hpp"
#include "keystone/crypto_compat/curve.hpp"

#include <random>
#include <vector>

namespace keystone::testing {

struct SignatureCase {
  compat::Bytes32 key;
  std::vector<std::uint8_t> message;
  std::array<std::uint8_t, 64> signature;
  bool is_vouched_for;

  [[nodiscard]] SignatureJob job() const { return {key, message, signature, is_vouched_for}; }
};

// Signatures of every kind that verifiers are known to differ on: points of small order added to
// keys and to R, encodings that are not canonical or not on the curve, S around the multiples of L,
// single bits flipped; in all mixtures, with good ones among them. The same for the same seed.
class CaseMaker {
 public:
  explicit CaseMaker(std::uint64_t seed);

  [[nodiscard]] SignatureCase next();

 private:
  using Points = std::vector<compat::Bytes32>;

  // One in `n`.
  [[nodiscard]] bool chance(unsigned n) { return random_() % n == 0; }
  template <class List>
  [[nodiscard]] const auto& any_of(const List& list) {
    return list[random_() % list.size()];
  }
  [[nodiscard]] compat::Bytes32 random_bytes();
  [[nodiscard]] compat::Bytes32 point(const std::vector<Points>& by_torsion, std::size_t i);
  void change_s(SignatureCase& made);
  void flip_a_bit(SignatureCase& made);

  std::mt19937_64 random_;
  std::vector<compat::Bytes32> secrets_;
  std::vector<Points>
      points_;  // [t][i]: secret i times the base point, and t of the torsion points
  Points odd_encodings_;
};

}  // namespace keystone::testing
