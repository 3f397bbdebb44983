// SPDX-License-Identifier: Apache-2.0
// Keys and signatures that no honest signer makes. Keystone's own verifier takes most of them.
#include "keystone/base/assert.hpp"
#include "keystone/crypto_compat/curve.hpp"
#include "keystone/crypto_compat/reference.hpp"
#include "situation_maker.hpp"

#include <algorithm>

namespace keystone::testing {
namespace {

using compat::Bytes32;
using compat::Signer;

// A key, and how a forger signs under it.
struct Forger {
  Bytes32 key;
  std::function<Signature(ByteView message)> sign;
};

struct Oddity {
  std::string name;    // starts with what is odd: key or signature
  std::string reason;  // the finding's
  std::function<Forger()> forger;
};

const Bytes32 kSecret = bytes_for<32>("secret scalar");

// Signs with ever other nonces until the reference accepts: until the part of the key outside the
// prime-order group falls out.
Signature sign_until_accepted(const Bytes32& secret, const Bytes32& key, ByteView message) {
  for (int i = 0;; ++i) {
    const Bytes32 r = {static_cast<std::uint8_t>(i + 1)};
    const Signature signature = Signer{secret, key, r, compat::times_base(r)}.sign(message);
    if (compat::reference_accepts(key, message, signature)) {
      return signature;
    }
    KEYSTONE_ASSERT(i < 250);
  }
}

// The first encoding of a point that is not below p and not of small order.
Bytes32 non_canonical_point() {
  const auto small = compat::small_order_encodings();
  for (const Bytes32& point : compat::non_canonical_encodings()) {
    if (compat::is_on_curve(point) && std::find(small.begin(), small.end(), point) == small.end()) {
      return point;
    }
  }
  KEYSTONE_ASSERT(false);
}

// Nobody knows a secret for such a key: the signature is another's.
Forger forger_under(const Bytes32& key) {
  return {key, [=](ByteView message) {
            const Bytes32 r = {1};
            return Signer{kSecret, key, r, compat::times_base(r)}.sign(message);
          }};
}

// An honest key, and a commitment of the forger's choice instead of r B.
Forger forger_with(const Bytes32& commitment) {
  const Bytes32 key = compat::times_base(kSecret);
  return {key, [=](ByteView message) {
            return Signer{kSecret, key, Bytes32{}, commitment}.sign(message);
          }};
}

Forger forger_of_s_plus_l() {
  const Bytes32 key = compat::times_base(kSecret);
  return {key, [=](ByteView message) {
            const Bytes32 r = {1};
            const Signature honest = Signer{kSecret, key, r, compat::times_base(r)}.sign(message);
            std::array<std::uint8_t, Signature::kSize> bytes{};
            std::copy(honest.bytes().begin(), honest.bytes().end(), bytes.begin());
            const Bytes32 s = compat::sum(honest.bytes().last<32>(), compat::kGroupOrder);
            std::copy(s.begin(), s.end(), bytes.begin() + 32);
            return Signature(bytes);
          }};
}

Forger forger_of_small_order() {
  const Bytes32 key = compat::torsion_points()[1];
  return {key, [=](ByteView message) { return sign_until_accepted(Bytes32{}, key, message); }};
}

Forger forger_of_mixed_order() {
  const Bytes32 key = compat::add(compat::times_base(kSecret), compat::torsion_points()[1]);
  return {key, [=](ByteView message) { return sign_until_accepted(kSecret, key, message); }};
}

const std::vector<Oddity>& oddities() {
  static const std::vector<Oddity> all = {
      {"signature-has-s-plus-l", "s_not_reduced", forger_of_s_plus_l},
      {"key-has-small-order", "key_small_order", forger_of_small_order},
      {"key-is-not-canonical", "key_non_canonical",
       [] { return forger_under(non_canonical_point()); }},
      {"key-has-mixed-order", "key_mixed_order", forger_of_mixed_order},
      {"key-is-not-on-the-curve", "key_not_on_curve", [] { return forger_under(Bytes32{2}); }},
      {"signature-has-an-r-of-small-order", "r_small_order",
       [] { return forger_with(compat::kIdentity); }},
      {"signature-has-an-r-that-is-not-canonical", "r_non_canonical",
       [] { return forger_with(non_canonical_point()); }},
  };
  return all;
}

// The forger stands for the device, and is registered.
void forge_sm_part(Draft& situation, const Forger& forger) {
  const DevicePublicKey key(forger.key);
  situation.entry("devices")["key"] = key.hex();
  situation.fields().device_key = key;
  situation.fields().sm_signature = forger.sign(message_of_device(situation.fields()));
}

// The forger stands for the Security Monitor, and an honest device signed its key.
void forge_enclave_part(Draft& situation, const Forger& forger) {
  situation.fields().sm_public_key = SmPublicKey(forger.key);
  sign_as_device(situation.fields(), situation.attester.device);
  situation.fields().enclave_signature = forger.sign(message_of_sm(situation.fields()));
}

}  // namespace

void add_odd_signatures(Situations& all) {
  for (const Oddity& oddity : oddities()) {
    const bool is_key = oddity.name.starts_with("key");
    all.add((is_key ? "the-device-" : "the-sm-") + oddity.name, [&](Draft& it) {
      forge_sm_part(it, oddity.forger());
      it.fails(Check::sm_signature, oddity.reason);
    });
    all.add((is_key ? "the-sm-" : "the-enclave-") + oddity.name, [&](Draft& it) {
      forge_enclave_part(it, oddity.forger());
      it.fails(Check::enclave_signature, oddity.reason);
    });
  }
}

}  // namespace keystone::testing
