// SPDX-License-Identifier: Apache-2.0
#include "handshake.hpp"

#include "client.hpp"
#include <keystone/channel/keystone_demo.hpp>
#include <keystone/crypto/channel_binding.hpp>
#include <keystone/crypto/random.hpp>

namespace demo {
namespace {

using keystone::channel::kKeystoneDemoFrames;
using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, keystone::ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// The next frame, which must be a report in the fixed form.
keystone::Result<keystone::Report> receive_report(FrameLink& link, Deadline deadline) {
  KEYSTONE_TRY(const auto payload, link.receive(deadline));
  return keystone::Report::parse(payload, {.format = keystone::ReportFormat::fixed});
}

// What both sides have sent before the report, in order and with their lengths.
keystone::Result<Bytes> transcript_of(keystone::ByteView hello, keystone::ByteView enclave_key) {
  KEYSTONE_TRY(auto bytes, keystone::channel::encode_frame(kKeystoneDemoFrames, hello));
  KEYSTONE_TRY(const auto reply, keystone::channel::encode_frame(kKeystoneDemoFrames, enclave_key));
  append(bytes, reply);
  return bytes;
}

}  // namespace

keystone::Result<Offer> plain_handshake(FrameLink& link, Deadline deadline) {
  KEYSTONE_TRY(auto report, receive_report(link, deadline));
  Bytes key(report.data().begin(), report.data().end());
  return Offer{std::move(report), keystone::Challenge::none(), std::move(key)};
}

keystone::Result<Offer> bound_handshake(FrameLink& link, const ClientKey& client_key,
                                        Deadline deadline, std::chrono::seconds lifetime) {
  const keystone::ChallengeTime time = issued_now(lifetime);
  Bytes nonce(keystone::ChannelTranscript::kMinNonce);
  keystone::fill_random(nonce);
  Bytes hello = nonce;
  append(hello, client_key.bytes());
  KEYSTONE_CHECK_OK(link.send(hello, deadline));

  KEYSTONE_TRY(auto payload, link.receive(deadline));
  const auto enclave_key = EnclaveKey::from("enclave key", payload);
  if (!enclave_key) {
    keystone::Error error = enclave_key.error();
    error.hint = "a server of plain keystone-demo sends its report first: it knows no --bind";
    return keystone::fail(std::move(error));
  }
  KEYSTONE_TRY(const auto earlier, transcript_of(hello, payload));
  KEYSTONE_TRY(const auto binding, keystone::bind_channel({kSuite, client_key.bytes(),
                                                           enclave_key->bytes(), nonce, earlier}));
  KEYSTONE_TRY(auto report, receive_report(link, deadline));
  return Offer{std::move(report), keystone::Challenge::bound_to(binding).at(time),
               std::move(payload)};
}

}  // namespace demo
