// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/verifier.hpp"

#include "appraisal.hpp"
#include "key_cache.hpp"

namespace keystone {

Verdict Verifier::verify(const Evidence& evidence, const Challenge& challenge,
                         Instant now) const noexcept {
  try {
    return Verdict(detail::appraise(
        policy_, evidence.report, challenge, now,
        [&](const DevicePublicKey& key) { return verify_sm_part(key, evidence.report); }));
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
      verify_signature(key.bytes(), report.signed_by_device(), report.sm_signature());
  if (result && *result == SignatureResult::valid) {
    cache_.impl_->remember(entry);
  }
  return result;
}

}  // namespace keystone
