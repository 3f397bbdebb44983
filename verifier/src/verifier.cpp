// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verifier.hpp"

#include "appraisal.hpp"
#include "key_cache.hpp"

namespace keystone {
namespace {

bool is_valid(const Result<SignatureResult>& result) {
  return result && *result == SignatureResult::valid;
}

}  // namespace

Verdict Verifier::verify(const Evidence& evidence, const Challenge& challenge,
                         Instant now) const noexcept {
  try {
    const Report& report = evidence.report;
    auto appraisal = std::make_shared<const detail::Appraisal>(policy_, report, challenge, now);
    const DevicePublicKey* const device_key = appraisal->sm_part_key();
    const auto sm_part = device_key == nullptr ? Result<SignatureResult>(SignatureResult::mismatch)
                                               : verify_sm_part(*device_key, report);
    const bool is_vouched_for = is_valid(sm_part) && appraisal->is_device_in_force();
    const SmPublicKey key = report.sm_public_key();
    const auto enclave = is_vouched_for ? verify_signature(key.bytes(), report.signed_by_sm(),
                                                           report.enclave_signature(), tables_)
                                        : verify_signature(key.bytes(), report.signed_by_sm(),
                                                           report.enclave_signature());
    return Verdict(std::move(appraisal), {sm_part, enclave});
  } catch (...) {
    return {};  // out of memory: nothing was evaluated, which rejects
  }
}

Result<SignatureResult> Verifier::verify_sm_part(const DevicePublicKey& key,
                                                 const Report& report) const {
  const auto entry = KeyCache::Impl::entry_for(key, report);
  if (cache_.impl_->contains(entry)) {
    return SignatureResult::valid;
  }
  const auto result =
      verify_signature(key.bytes(), report.signed_by_device(), report.sm_signature(), tables_);
  if (is_valid(result)) {
    cache_.impl_->remember(entry);
  }
  return result;
}

}  // namespace keystone
