// SPDX-License-Identifier: Apache-2.0
#include "signature_cases.hpp"

#include <algorithm>

namespace keystone::testing {
namespace {

using compat::Bytes32;

constexpr std::size_t kSecrets = 16;
constexpr std::size_t kMaxMessage = 300;

template <class Bytes>
void flip(Bytes& bytes, std::uint64_t bit) {
  bytes[bit / 8 % bytes.size()] ^= static_cast<std::uint8_t>(1U << bit % 8);
}

}  // namespace

CaseMaker::CaseMaker(std::uint64_t seed) : random_(seed), points_(8) {
  const auto torsion = compat::torsion_points();
  for (std::size_t i = 0; i < kSecrets; ++i) {
    Bytes32 secret = random_bytes();
    secret[31] &= 0x0f;  // below L
    secrets_.push_back(secret);
    for (std::size_t t = 0; t < torsion.size(); ++t) {
      points_[t].push_back(compat::add(compat::times_base(secret), torsion[t]));
    }
  }
  for (const auto& list : {compat::small_order_encodings(), compat::non_canonical_encodings()}) {
    odd_encodings_.insert(odd_encodings_.end(), list.begin(), list.end());
  }
  for (std::uint8_t y = 2; y < 40; ++y) {  // about half of them not on the curve
    odd_encodings_.push_back({y});
  }
}

SignatureCase CaseMaker::next() {
  const std::size_t a = random_() % kSecrets;
  const std::size_t r = random_() % kSecrets;
  SignatureCase made{
      point(points_, a), std::vector<std::uint8_t>(random_() % kMaxMessage), {}, chance(2)};
  for (std::uint8_t& byte : made.message) {
    byte = static_cast<std::uint8_t>(random_());
  }
  const compat::Signer signer{secrets_[a], made.key, secrets_[r], point(points_, r)};
  const Signature signature = signer.sign(made.message);
  std::copy(signature.bytes().begin(), signature.bytes().end(), made.signature.begin());
  if (chance(5)) {
    change_s(made);
  }
  if (chance(6)) {
    flip_a_bit(made);
  }
  return made;
}

Bytes32 CaseMaker::random_bytes() {
  Bytes32 bytes{};
  std::generate(bytes.begin(), bytes.end(),
                [this] { return static_cast<std::uint8_t>(random_()); });
  return bytes;
}

// Point i, mostly as it should be.
Bytes32 CaseMaker::point(const std::vector<Points>& by_torsion, std::size_t i) {
  if (chance(10)) {
    return chance(4) ? random_bytes() : any_of(odd_encodings_);
  }
  return chance(4) ? any_of(by_torsion)[i] : by_torsion.front()[i];
}

void CaseMaker::change_s(SignatureCase& made) {
  Bytes32 s{};
  std::copy(made.signature.begin() + 32, made.signature.end(), s.begin());
  const std::uint64_t kind = random_() % 8;
  if (kind < 5) {  // S + n L, and its neighbours
    for (std::uint64_t n = random_() % (kind == 0 ? 15 : 2); n > 0 && s[31] < 0xe0; --n) {
      s = compat::sum(s, compat::kGroupOrder);
    }
  } else if (kind == 5) {
    s = random_bytes();
  } else {
    s = kind == 6 ? Bytes32{} : compat::kGroupOrder;
    s[0] = static_cast<std::uint8_t>(s[0] + random_() % 3 - (kind == 6 ? 0 : 1));
  }
  std::copy(s.begin(), s.end(), made.signature.begin() + 32);
}

void CaseMaker::flip_a_bit(SignatureCase& made) {
  const std::uint64_t where = random_() % 4;
  if (where == 0) {
    flip(made.key, random_());
  } else if (where == 1 && !made.message.empty()) {
    flip(made.message, random_());
  } else {
    flip(made.signature, random_());
  }
}

}  // namespace keystone::testing
