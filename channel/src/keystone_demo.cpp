// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/keystone_demo.hpp"

#include "little_endian.hpp"

#include <string>
#include <string_view>

namespace keystone::channel::keystone_demo {
namespace {

// Offsets in a message.
constexpr std::size_t kType = 0;
constexpr std::size_t kTextLength = 8;
static_assert(kTextLength + sizeof(std::uint64_t) == kMessageHeader);

tl::unexpected<Error> mismatch(ErrorCode code, std::string_view field, std::uint64_t got,
                               const std::string& want) {
  return fail(code, std::string(field) + ": got " + std::to_string(got) + ", want " + want);
}

Status check_envelope_size(std::size_t size) {
  if (size > kMaxEnvelope) {
    return mismatch(ErrorCode::limit_exceeded, "envelope size", size,
                    "at most " + std::to_string(kMaxEnvelope));
  }
  if (size < kMinEnvelope || (size - kMinEnvelope) % kPadBlock != 0) {
    return mismatch(
        ErrorCode::malformed, "envelope size", size,
        std::to_string(kMinEnvelope) + " and whole blocks of " + std::to_string(kPadBlock));
  }
  return {};
}

Status check_text_size(std::string_view field, std::uint64_t size) {
  return size <= kMaxText ? Status()
                          : mismatch(ErrorCode::limit_exceeded, field, size,
                                     "at most " + std::to_string(kMaxText));
}

}  // namespace

Result<Envelope> split_envelope(ByteView payload) {
  KEYSTONE_CHECK_OK(check_envelope_size(payload.size()));
  const ByteView ciphertext = payload.first(payload.size() - EnvelopeNonce::kSize);
  return Envelope{{ciphertext.begin(), ciphertext.end()},
                  EnvelopeNonce(payload.last<EnvelopeNonce::kSize>())};
}

Result<std::vector<std::uint8_t>> join_envelope(const Envelope& envelope) {
  KEYSTONE_CHECK_OK(check_envelope_size(envelope.ciphertext.size() + EnvelopeNonce::kSize));
  std::vector<std::uint8_t> payload = envelope.ciphertext;
  detail::append(payload, envelope.nonce.bytes());
  return payload;
}

Result<std::vector<std::uint8_t>> encode_message(const Message& message) {
  KEYSTONE_CHECK_OK(check_text_size("text size", message.text.size()));
  std::vector<std::uint8_t> plaintext;
  detail::append_little_endian(plaintext, message.type, sizeof message.type);
  plaintext.resize(kTextLength);
  detail::append_little_endian(plaintext, message.text.size(), sizeof(std::uint64_t));
  detail::append(plaintext, message.text);
  return plaintext;
}

Result<Message> decode_message(ByteView plaintext) {
  if (plaintext.size() < kMessageHeader) {
    return mismatch(ErrorCode::malformed, "message size", plaintext.size(),
                    "at least " + std::to_string(kMessageHeader));
  }
  const std::uint64_t length =
      detail::read_little_endian(plaintext.subspan(kTextLength, kMessageHeader - kTextLength));
  KEYSTONE_CHECK_OK(check_text_size("text length", length));
  const ByteView text = plaintext.subspan(kMessageHeader);
  if (text.size() != length) {
    return mismatch(ErrorCode::malformed, "text length", length,
                    std::to_string(text.size()) + ", the bytes that are there");
  }
  const auto type = detail::read_little_endian(plaintext.subspan(kType, sizeof Message::type));
  return Message{static_cast<std::uint16_t>(type), {text.begin(), text.end()}};
}

std::vector<std::uint8_t> encode_reply(std::int32_t reply) {
  std::vector<std::uint8_t> plaintext;
  detail::append_little_endian(plaintext, static_cast<std::uint32_t>(reply), kReply);
  return plaintext;
}

Result<std::int32_t> decode_reply(ByteView plaintext) {
  if (plaintext.size() != kReply) {
    return mismatch(ErrorCode::malformed, "reply size", plaintext.size(), std::to_string(kReply));
  }
  return static_cast<std::int32_t>(
      static_cast<std::uint32_t>(detail::read_little_endian(plaintext)));
}

}  // namespace keystone::channel::keystone_demo
