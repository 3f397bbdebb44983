// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "handles.hpp"

using namespace keystone;
using namespace keystone::c_api;

namespace {

static_assert(ChannelBinding::kSize == KEYSTONE_CHANNEL_BINDING_SIZE);

template <class Ask>
keystone_status ask_nonce(const std::uint8_t* nonce, std::size_t size, const Ask& ask,
                          keystone_challenge** out, keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_challenge> {
    KEYSTONE_TRY(const ByteView bytes, bytes_at("nonce", nonce, size));
    KEYSTONE_TRY(const Nonce asked, Nonce::from(bytes));
    return keystone_challenge{ask(asked)};
  });
}

Result<ChallengeTime::Standing> standing_of(const keystone_standing& standing) {
  const auto number = number_in(standing);
  switch (number) {
    case KEYSTONE_STANDING_OPEN:
      return ChallengeTime::Standing::open;
    case KEYSTONE_STANDING_USED_BEFORE:
      return ChallengeTime::Standing::used_before;
    case KEYSTONE_STANDING_NOT_ISSUED:
      return ChallengeTime::Standing::not_issued;
    default:
      return fail(ErrorCode::usage, "standing: got " + std::to_string(number) + ", want 0 to 2");
  }
}

Result<ChannelTranscript> transcript_of(const keystone_channel_transcript& from) {
  KEYSTONE_CHECK_OK(check_given({{"suite", from.suite}}));
  KEYSTONE_TRY(const ByteView client,
               bytes_at("client public key", from.client_public_key, from.client_public_key_size));
  KEYSTONE_TRY(const ByteView enclave, bytes_at("enclave public key", from.enclave_public_key,
                                                from.enclave_public_key_size));
  KEYSTONE_TRY(const ByteView nonce, bytes_at("nonce", from.nonce, from.nonce_size));
  KEYSTONE_TRY(const ByteView earlier,
               bytes_at("earlier handshake", from.earlier_handshake, from.earlier_handshake_size));
  return ChannelTranscript{from.suite, client, enclave, nonce, earlier};
}

}  // namespace

keystone_status keystone_challenge_none(keystone_challenge** out, keystone_error** error) {
  return make(out, error,
              []() -> Result<keystone_challenge> { return keystone_challenge{Challenge::none()}; });
}

keystone_status keystone_challenge_exact_data(const uint8_t* data, size_t size,
                                              keystone_challenge** out, keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_challenge> {
    KEYSTONE_TRY(const ByteView bytes, bytes_at("data", data, size));
    KEYSTONE_TRY(Challenge challenge, Challenge::exact_data(bytes));
    return keystone_challenge{std::move(challenge)};
  });
}

keystone_status keystone_challenge_exact_nonce(const uint8_t* nonce, size_t size,
                                               keystone_challenge** out, keystone_error** error) {
  return ask_nonce(nonce, size, Challenge::exact_nonce, out, error);
}

keystone_status keystone_challenge_nonce_prefix(const uint8_t* nonce, size_t size,
                                                keystone_challenge** out, keystone_error** error) {
  return ask_nonce(nonce, size, Challenge::nonce_prefix, out, error);
}

keystone_status keystone_challenge_channel(const uint8_t binding[KEYSTONE_CHANNEL_BINDING_SIZE],
                                           keystone_challenge** out, keystone_error** error) {
  return make(out, error, [&]() -> Result<keystone_challenge> {
    KEYSTONE_CHECK_OK(check_given({{"binding", binding}}));
    return keystone_challenge{
        Challenge::bound_to(ChannelBinding(array_at<ChannelBinding::kSize>(binding)))};
  });
}

keystone_status keystone_challenge_set_time(keystone_challenge* challenge,
                                            const keystone_challenge_time* time,
                                            keystone_error** error) {
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"challenge", challenge}, {"time", time}}));
    KEYSTONE_TRY(const auto standing, standing_of(time->standing));
    ChallengeTime checked{instant_of(time->issued), {}, standing};
    if (time->expires != KEYSTONE_NO_EXPIRY) {
      checked.expires = instant_of(time->expires);
    }
    challenge->challenge = challenge->challenge.at(checked);
    return {};
  });
}

void keystone_challenge_free(keystone_challenge* challenge) {
  delete challenge;
}

keystone_status keystone_bind_channel(const keystone_channel_transcript* transcript,
                                      uint8_t out[KEYSTONE_CHANNEL_BINDING_SIZE],
                                      keystone_error** error) {
  const keystone_status status = run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"transcript", transcript}, {"out", out}}));
    KEYSTONE_TRY(const auto checked, transcript_of(*transcript));
    KEYSTONE_TRY(const auto binding, bind_channel(checked));
    std::memcpy(out, binding.bytes().data(), ChannelBinding::kSize);
    return {};
  });
  zero_unless_ok(status, out, ChannelBinding::kSize);
  return status;
}
