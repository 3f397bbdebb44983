// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/channel_binding.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/crypto/digest.hpp"

#include <array>
#include <string>

namespace keystone {
namespace {

// The zero byte that ends the literal is part of the label.
constexpr char kLabel[] = "keystone-attest/channel/v1";

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Status check_field(std::string_view name, ByteView field, std::size_t least) {
  if (field.size() < least || field.size() > ChannelTranscript::kMaxField) {
    return fail(ErrorCode::usage, std::string(name) + ": got " + std::to_string(field.size()) +
                                      " bytes, want " + std::to_string(least) + " to " +
                                      std::to_string(ChannelTranscript::kMaxField));
  }
  return {};
}

void update_with_length(Sha3_512& hash, ByteView field) {
  const auto size = narrow<std::uint32_t>(field.size());
  hash.update(std::array{static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8U),
                         static_cast<std::uint8_t>(size >> 16U),
                         static_cast<std::uint8_t>(size >> 24U)});
  hash.update(field);
}

}  // namespace

Result<ChannelBinding> bind_channel(const ChannelTranscript& transcript) {
  const ByteView suite = bytes_of(transcript.suite);
  KEYSTONE_CHECK_OK(check_field("suite", suite, 1));
  KEYSTONE_CHECK_OK(check_field("client public key", transcript.client_public_key, 1));
  KEYSTONE_CHECK_OK(check_field("enclave public key", transcript.enclave_public_key, 1));
  KEYSTONE_CHECK_OK(check_field("nonce", transcript.nonce, ChannelTranscript::kMinNonce));
  KEYSTONE_TRY(const auto handshake, sha3_512(transcript.earlier_handshake));
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(bytes_of({kLabel, sizeof kLabel}));
  for (const ByteView field : {suite, transcript.client_public_key, transcript.enclave_public_key,
                               transcript.nonce, ByteView(handshake.bytes())}) {
    update_with_length(hash, field);
  }
  return ChannelBinding(std::move(hash).finish().bytes());
}

}  // namespace keystone
