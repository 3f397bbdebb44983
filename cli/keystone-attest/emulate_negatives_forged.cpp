// SPDX-License-Identifier: Apache-2.0
// What somebody made of a good report, with or without keys of their own.
#include "keystone-attest/emulate_negatives_cases.hpp"
#include "keystone-attest/emulate_negatives_forge.hpp"
#include "keystone-attest/report_file.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

using enum Check;
using enum CheckResult;

struct Row {
  std::string_view name;
  std::string_view why;
  // The fields are those of the good report before.
  Status (*forge)(ReportFields& fields, const Workshop& workshop);
  std::vector<ExpectedFinding> findings;
};

template <class Field>
Field zeros() {
  return Field(std::array<std::uint8_t, Field::kSize>{});
}

Signature with_a_bit_flipped(const Signature& signature) {
  constexpr std::size_t kOfS = 32;
  std::array<std::uint8_t, Signature::kSize> bytes{};
  std::copy(signature.bytes().begin(), signature.bytes().end(), bytes.begin());
  bytes[kOfS] ^= 1;
  return Signature(bytes);
}

// The device vouches for a key that no monitor should have.
Status give_sm_key(ReportFields& fields, const SmPublicKey& key, const Workshop& workshop) {
  fields.sm_public_key = key;
  return sign_as_device(fields, workshop.device.secret());
}

Status forge_small_order(ReportFields& fields, const Workshop& workshop) {
  const Forgery forgery = forgery_of_small_order();
  KEYSTONE_CHECK_OK(give_sm_key(fields, forgery.key, workshop));
  fields.enclave_signature = forgery.signature;
  return {};
}

Status forge_mixed_order(ReportFields& fields, const Workshop& workshop) {
  const MixedOrderSigner signer(workshop.forger);
  KEYSTONE_CHECK_OK(give_sm_key(fields, signer.key(), workshop));
  KEYSTONE_TRY(const auto report, Report::from_fields(fields));
  KEYSTONE_TRY(fields.enclave_signature, signer.sign(report.signed_by_sm()));
  return {};
}

// Whoever has no device signs with a key of their own.
Status replace_sm_key(ReportFields& fields, const Workshop& workshop) {
  fields.sm_public_key = SmPublicKey(workshop.forger.public_key());
  return sign_as_sm(fields, workshop.forger);
}

Status zero_sm_part(ReportFields& fields, const Workshop&) {
  fields.sm_hash = zeros<SmHash>();
  fields.sm_public_key = zeros<SmPublicKey>();
  fields.sm_signature = zeros<Signature>();
  return {};
}

// The fields of what `change` makes of a good scene.
Result<ReportFields> fields_of_other(const Workshop& workshop,
                                     void (*change)(Scene& scene, const Workshop&)) {
  Scene scene = Scene::good(workshop);
  change(scene, workshop);
  KEYSTONE_TRY(const auto report, attest(scene));
  return fields_of(report);
}

Status pass_off_enclave(ReportFields& fields, const Workshop& workshop) {
  const EnclaveHash expected = fields.enclave_hash;
  KEYSTONE_TRY(fields, fields_of_other(workshop, [](Scene& scene, const Workshop& from) {
                 scene.enclave = from.other_enclave;
               }));
  fields.enclave_hash = expected;
  return {};
}

Status pass_off_sm(ReportFields& fields, const Workshop& workshop) {
  const SmHash expected = fields.sm_hash;
  KEYSTONE_TRY(fields, fields_of_other(workshop, [](Scene& scene, const Workshop& from) {
                 scene.sm_hash = from.other_sm_hash;
               }));
  fields.sm_hash = expected;
  return {};
}

Status pass_off_nonce(ReportFields& fields, const Workshop& workshop) {
  KEYSTONE_TRY(fields, fields_of_other(workshop, [](Scene& scene, const Workshop& from) {
                 scene.data = from.other_nonce;
               }));
  fields.data = workshop.nonce;
  return {};
}

Status pass_off_device(ReportFields& fields, const Workshop& workshop) {
  const DevicePublicKey registered = fields.device_key;
  KEYSTONE_TRY(fields, fields_of_other(workshop, [](Scene& scene, const Workshop& from) {
                 scene.device = &from.other_device;
               }));
  fields.device_key = registered;
  return {};
}

template <Signature ReportFields::*Which, Signature (*Change)(const Signature&)>
Status change_signature(ReportFields& fields, const Workshop&) {
  fields.*Which = Change(fields.*Which);
  return {};
}

const std::vector<Row>& rows() {
  constexpr auto kOfEnclave = &ReportFields::enclave_signature;
  constexpr auto kOfSm = &ReportFields::sm_signature;
  static const std::vector<Row> kRows = {
      {"bad-enclave-signature",
       "a bit of the enclave signature is flipped",
       change_signature<kOfEnclave, with_a_bit_flipped>,
       {{enclave_signature, failed, "mismatch"}}},
      {"bad-sm-signature",
       "a bit of the monitor's signature is flipped",
       change_signature<kOfSm, with_a_bit_flipped>,
       {{sm_signature, failed, "mismatch"}}},
      {"enclave-hash-replaced",
       "another enclave's report, with the expected hash put in",
       pass_off_enclave,
       {{enclave_signature, failed, "mismatch"}}},
      {"nonce-replaced",
       "a recording, with the nonce put in",
       pass_off_nonce,
       {{enclave_signature, failed, "mismatch"}}},
      {"sm-hash-replaced",
       "another firmware's report, with the expected hash put in",
       pass_off_sm,
       {{sm_signature, failed, "mismatch"}}},
      {"sm-key-replaced",
       "signed with a key that no device signed",
       replace_sm_key,
       {{sm_signature, failed, "mismatch"}}},
      {"device-key-replaced",
       "another device's report, with the registered key put in",
       pass_off_device,
       {{sm_signature, failed, "mismatch"}}},
      {"enclave-signature-s-plus-l",
       "S + L in place of S: another spelling of the signature",
       change_signature<kOfEnclave, with_s_plus_l>,
       {{enclave_signature, failed, "s_not_reduced"}}},
      {"sm-signature-s-plus-l",
       "S + L in place of S: another spelling of the signature",
       change_signature<kOfSm, with_s_plus_l>,
       {{sm_signature, failed, "s_not_reduced"}}},
      {"small-order-key",
       "the monitor's key is the neutral element, which signs anything",
       forge_small_order,
       {{enclave_signature, failed, "key_small_order"}}},
      {"mixed-order-key",
       "the monitor's key has a part of order 2, which falls out",
       forge_mixed_order,
       {{enclave_signature, failed, "key_mixed_order"}}},
      {"zero-sm-part",
       "hash, key and signature of the monitor are zero",
       zero_sm_part,
       {{root_of_trust, failed, "all_zero"},
        {sm_signature, not_evaluated, "no_root_of_trust"},
        {sm_key_strength, not_evaluated, "no_root_of_trust"},
        {sm_hash, failed, "not_expected"},
        {enclave_signature, failed, "key_small_order"}}},
  };
  return kRows;
}

}  // namespace

Result<NegativeCases> forged_cases(const Workshop& workshop, const Report& good) {
  NegativeCases cases;
  for (const Row& row : rows()) {
    ReportFields fields = fields_of(good);
    KEYSTONE_CHECK_OK(row.forge(fields, workshop));
    KEYSTONE_TRY(const auto report, Report::from_fields(fields));
    cases.push_back({std::string(row.name), std::string(row.why), ReportFormat::fixed,
                     encode(report, ReportFormat::fixed), true, row.findings});
  }
  return cases;
}

}  // namespace keystone::cli::attest
