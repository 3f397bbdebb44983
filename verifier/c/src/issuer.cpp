// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "handles.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/crypto/random.hpp"

using namespace keystone;
using namespace keystone::c_api;

namespace {

static_assert(ChallengeIssuer::kKeySize == KEYSTONE_ISSUER_KEY_SIZE);

keystone_standing standing_of(ChallengeTime::Standing standing) {
  switch (standing) {
    case ChallengeTime::Standing::open:
      return KEYSTONE_STANDING_OPEN;
    case ChallengeTime::Standing::used_before:
      return KEYSTONE_STANDING_USED_BEFORE;
    case ChallengeTime::Standing::not_issued:
      return KEYSTONE_STANDING_NOT_ISSUED;
  }
  KEYSTONE_ASSERT(false);
}

keystone_challenge_time time_of(const ChallengeTime& time) {
  return {time.issued.time_since_epoch().count(),
          time.expires ? time.expires->time_since_epoch().count() : KEYSTONE_NO_EXPIRY,
          standing_of(time.standing)};
}

}  // namespace

keystone_status keystone_replay_set_new(size_t capacity, keystone_replay_set** out,
                                        keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_replay_set> {
    return keystone_replay_set{std::make_unique<MemoryReplaySet>(capacity)};
  });
}

void keystone_replay_set_free(keystone_replay_set* set) {
  delete set;
}

keystone_status keystone_issuer_new(const uint8_t key[KEYSTONE_ISSUER_KEY_SIZE], size_t nonce_size,
                                    uint32_t lifetime_s, keystone_issuer** out,
                                    keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_issuer> {
    KEYSTONE_CHECK_OK(check_given({{"key", key}}));
    KEYSTONE_TRY(ChallengeIssuer issuer,
                 ChallengeIssuer::create(array_at<ChallengeIssuer::kKeySize>(key),
                                         {nonce_size, std::chrono::seconds(lifetime_s)}));
    return keystone_issuer{std::move(issuer), nonce_size};
  });
}

keystone_status keystone_issuer_issue(const keystone_issuer* issuer, int64_t now, uint8_t* nonce,
                                      size_t size, keystone_error** error) {
  const keystone_status status = run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"issuer", issuer}, {"nonce", nonce}}));
    if (size != issuer->nonce_size) {
      return fail(ErrorCode::usage, "size: got " + std::to_string(size) + ", want " +
                                        std::to_string(issuer->nonce_size));
    }
    KEYSTONE_TRY(const Nonce issued, issuer->issuer.issue(instant_of(now), fill_random));
    std::memcpy(nonce, issued.bytes().data(), size);
    return {};
  });
  zero_unless_ok(status, nonce, size);
  return status;
}

keystone_status keystone_issuer_redeem(const keystone_issuer* issuer, const uint8_t* nonce,
                                       size_t size, int64_t now, keystone_replay_set* replays,
                                       keystone_challenge_time* time, keystone_error** error) {
  if (time != nullptr) {
    *time = {now, now, KEYSTONE_STANDING_NOT_ISSUED};
  }
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"issuer", issuer}, {"replays", replays}, {"time", time}}));
    KEYSTONE_TRY(const ByteView bytes, bytes_at("nonce", nonce, size));
    KEYSTONE_TRY(const Nonce returned, Nonce::from(bytes));
    KEYSTONE_TRY(const auto redeemed,
                 issuer->issuer.redeem(returned, instant_of(now), *replays->set));
    *time = time_of(redeemed);
    return {};
  });
}

void keystone_issuer_free(keystone_issuer* issuer) {
  delete issuer;
}
