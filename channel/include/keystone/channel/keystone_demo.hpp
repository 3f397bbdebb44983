// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"
#include "keystone/channel/frames.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

// The protocol of Keystone's keystone-demo, over TCP. Every message is the payload of one frame
// (frames.hpp, kKeystoneDemoFrames):
//
//   server: report, whose data is the enclave's public key
//   client: its public key
//   then, as often as the client likes:
//   client: envelope of a Message
//   server: envelope of a reply
//
// The session keys are those of libsodium's crypto_kx, the client on the client's side; there is no
// cryptography here. What the channel does not say: the report binds the enclave's key but no nonce
// of the client's, so that a recorded one is good for ever.
//
// Sources in keystone-enclave/keystone-demo: trusted_client/client.cpp (c3437be) and
// trusted_client.cpp (4fa66a6), server_eapp/channel.c (2af88c6), include/calc_msg.h (31b0f60).
namespace keystone::channel::keystone_demo {

inline constexpr std::uint16_t kPort = 8067;

// The server's first payload: a report in the fixed form, unread here.
using ReportBytes = FixedBytes<struct ReportBytesRole, 1352>;

// The client's first payload: an X25519 public key.
using ClientKey = FixedBytes<struct ClientKeyRole, 32>;

// --- Envelopes ---------------------------------------------------------------------------------

// The nonce of crypto_secretbox, of the sender's choice and for one envelope only.
using EnvelopeNonce = FixedBytes<struct EnvelopeNonceRole, 24>;

// Sizes in bytes.
inline constexpr std::size_t kMac = 16;       // crypto_secretbox_MACBYTES, ahead of the text
inline constexpr std::size_t kPadBlock = 32;  // MSG_BLOCKSIZE, the block of sodium_pad()
inline constexpr std::size_t kMessageHeader = 16;
inline constexpr std::size_t kMaxText = 4096;  // BUFFERLEN, the client's buffer for a line
inline constexpr std::size_t kReply = 4;

// What sodium_pad() makes of `size` bytes: there is always a byte of padding, so a full block gets
// another one. `size` is that of a message or a reply.
[[nodiscard]] constexpr std::size_t padded_size(std::size_t size) {
  return size - size % kPadBlock + kPadBlock;
}

// The envelope around a message or a reply of `size` bytes.
[[nodiscard]] constexpr std::size_t envelope_size(std::size_t size) {
  return kMac + padded_size(size) + EnvelopeNonce::kSize;
}

inline constexpr std::size_t kMinEnvelope = envelope_size(0);
inline constexpr std::size_t kMaxEnvelope = envelope_size(kMessageHeader + kMaxText);
static_assert(kMaxEnvelope == kKeystoneDemoFrames.max_payload());
static_assert(ReportBytes::kSize <= kKeystoneDemoFrames.max_payload());

// An encrypted message as it travels: ciphertext || nonce.
struct Envelope {
  std::vector<std::uint8_t> ciphertext;  // of crypto_secretbox_easy(): the MAC, whole blocks
  EnvelopeNonce nonce;
};

// Takes a payload apart. `limit_exceeded` for more than kMaxEnvelope bytes, `malformed` for any
// other size that no padded plaintext has. Whether the ciphertext is genuine shows on decryption.
[[nodiscard]] Result<Envelope> split_envelope(ByteView payload);

// The payload of an envelope. Fails as split_envelope() would, for a ciphertext of such a size.
[[nodiscard]] Result<std::vector<std::uint8_t>> join_envelope(const Envelope& envelope);

// --- Plaintexts, without their padding ---------------------------------------------------------

// What the client says. On the wire: u16 type, 6 bytes that say nothing, u64 length of the text,
// the text; numbers little-endian.
struct Message {
  std::uint16_t type;              // a word of the application's
  std::vector<std::uint8_t> text;  // at most kMaxText bytes, of any values
};

// Fails with `limit_exceeded` for a text that is too long. The 6 bytes are zeros.
[[nodiscard]] Result<std::vector<std::uint8_t>> encode_message(const Message& message);

// Fails with `limit_exceeded` for a length over kMaxText, and with `malformed` unless the bytes end
// where it says. The 6 bytes may have any values and are not given out: the demo's client leaves
// there whatever its heap held.
[[nodiscard]] Result<Message> decode_message(ByteView plaintext);

// What the enclave answers, an int32 in two's complement.
[[nodiscard]] std::vector<std::uint8_t> encode_reply(std::int32_t reply);

// Fails with `malformed` unless there are exactly 4 bytes.
[[nodiscard]] Result<std::int32_t> decode_reply(ByteView plaintext);

}  // namespace keystone::channel::keystone_demo
