// SPDX-License-Identifier: Apache-2.0
// Roots of trust that are missing, and signatures of the right kind over the wrong thing.
#include "situation_maker.hpp"

namespace keystone::testing {
namespace {

template <class Field>
Field zeros() {
  return Field(std::array<std::uint8_t, Field::kSize>{});
}

void has_no_root(Draft& situation, const std::string& reason) {
  situation.fails(Check::root_of_trust, reason);
  situation.is_not_evaluated(Check::sm_signature, "no_root_of_trust");
  situation.is_not_evaluated(Check::sm_key_strength, "no_root_of_trust");
}

// Signs whatever the fields say now.
void sign_all(Draft& situation) {
  sign_as_sm(situation.fields(), situation.attester.sm);
  sign_as_device(situation.fields(), situation.attester.device);
}

void flip_in_s(Signature& signature) {
  std::array<std::uint8_t, Signature::kSize> bytes{};
  std::copy(signature.bytes().begin(), signature.bytes().end(), bytes.begin());
  bytes[32] ^= 1;
  signature = Signature(bytes);
}

}  // namespace

void add_roots_of_trust(Situations& all) {
  all.add("the-sm-part-is-zero-under-a-registered-device", [](Draft& it) {
    it.fields().sm_hash = zeros<SmHash>();
    it.fields().sm_public_key = zeros<SmPublicKey>();
    it.fields().sm_signature = zeros<Signature>();
    has_no_root(it, "all_zero");
    it.fails(Check::sm_hash, "not_expected");
    it.fails(Check::enclave_signature, "key_small_order");
  });
  all.add("the-whole-report-is-zero", [](Draft& it) {
    it.tamper = [](Bytes& file) { file.assign(file.size(), 0); };
    has_no_root(it, "all_zero");
    it.fails(Check::device_key, "not_registered");
    it.fails(Check::sm_hash, "not_expected");
    it.fails(Check::enclave_signature, "key_small_order");
    it.fails(Check::enclave_hash, "not_expected");
    it.fails(Check::report_data, "mismatch");
  });
  all.add("the-sm-hash-is-zero-and-that-is-expected", [](Draft& it) {
    it.fields().sm_hash = zeros<SmHash>();
    it.entry("security_monitors")["hash"] = zeros<SmHash>().hex();
    sign_all(it);
    has_no_root(it, "hash_zero");
  });
  all.add("the-sm-hash-is-zero", [](Draft& it) {
    it.fields().sm_hash = zeros<SmHash>();
    sign_all(it);
    has_no_root(it, "hash_zero");
    it.fails(Check::sm_hash, "not_expected");
  });
  all.add("the-sm-key-is-zero", [](Draft& it) {
    it.fields().sm_public_key = zeros<SmPublicKey>();
    sign_all(it);
    has_no_root(it, "key_zero");
    it.fails(Check::enclave_signature, "key_small_order");
  });
  all.add("the-sm-signature-is-zero", [](Draft& it) {
    it.fields().sm_signature = zeros<Signature>();
    it.fails(Check::sm_signature, "r_small_order");
  });
  all.add("no-waiver-stands-for-a-root-of-trust", [](Draft& it) {
    it.fields().sm_hash = zeros<SmHash>();
    sign_all(it);
    it.waive(Check::sm_hash, "boards without a root of trust");
    it.waive(Check::sm_key_strength, "boards without a root of trust");
    has_no_root(it, "hash_zero");
  });
}

void add_signatures(Situations& all) {
  all.add("the-sm-signature-has-a-bit-flipped", [](Draft& it) {
    flip_in_s(it.fields().sm_signature);
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-enclave-signature-has-a-bit-flipped", [](Draft& it) {
    flip_in_s(it.fields().enclave_signature);
    it.fails(Check::enclave_signature, "mismatch");
  });
  all.add("the-two-signatures-are-swapped", [](Draft& it) {
    std::swap(it.fields().sm_signature, it.fields().enclave_signature);
    it.fails(Check::sm_signature, "mismatch");
    it.fails(Check::enclave_signature, "mismatch");
  });
  all.add("the-sm-part-is-signed-by-the-sm-key", [](Draft& it) {
    sign_as_device(it.fields(), it.attester.sm);
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-sm-part-is-signed-by-another-device", [](Draft& it) {
    sign_as_device(it.fields(), key_for("another device"));
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-enclave-part-is-signed-by-the-device-key", [](Draft& it) {
    sign_as_sm(it.fields(), it.attester.device);
    it.fails(Check::enclave_signature, "mismatch");
  });
  all.add("the-sm-key-is-the-forgers-own", [](Draft& it) {
    const SecretKey forger = key_for("forger");
    it.fields().sm_public_key = SmPublicKey(forger.public_key());
    sign_as_sm(it.fields(), forger);
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-sm-key-is-one-of-the-weak-ones", [](Draft& it) {
    it.attester.sm = weak_sm_secret();
    it.fails(Check::sm_key_strength, "weak_key");
  });
  all.add("the-sm-hash-was-replaced-by-an-expected-one", [](Draft& it) {
    it.fields().sm_hash = field_for<SmHash>("another firmware");
    it.entry("security_monitors")["hash"] = it.fields().sm_hash.hex();
    it.fails(Check::sm_signature, "mismatch");
  });
  all.add("the-enclave-hash-was-replaced-by-an-expected-one", [](Draft& it) {
    it.fields().enclave_hash = field_for<EnclaveHash>("another enclave");
    it.entry("enclaves")["hash"] = it.fields().enclave_hash.hex();
    it.fails(Check::enclave_signature, "mismatch");
  });
  all.add("the-data-were-replaced-by-the-nonce", [](Draft& it) {
    it.data.assign(it.data.size(), 0);
    const auto nonce = bytes_for<32>("nonce");
    it.fields().data.assign(nonce.begin(), nonce.end());
    it.fails(Check::enclave_signature, "mismatch");
  });
  all.add("a-byte-of-the-padding-was-made-data", [](Draft& it) {
    it.ask("nonce_prefix", it.data);
    it.tamper = [](Bytes& file) { ++file[ReportLayout::kDataLength]; };
    it.fails(Check::enclave_signature, "mismatch");
  });
}

}  // namespace keystone::testing
