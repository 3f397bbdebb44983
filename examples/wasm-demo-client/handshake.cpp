// SPDX-License-Identifier: Apache-2.0
#include "handshake.hpp"

#include "client.hpp"
#include <keystone/crypto/channel_binding.hpp>
#include <keystone/crypto/random.hpp>

#include <algorithm>
#include <array>

namespace demo {
namespace {

namespace channel = keystone::channel;
namespace schannel = keystone::channel::schannel;
using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, keystone::ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// `bytes` behind their length, as the dialect writes it.
keystone::Result<Bytes> with_length(Dialect dialect, keystone::ByteView bytes) {
  return channel::encode_frame({schannel::length_prefix(dialect), bytes.size()}, bytes);
}

// The server's key and report. What may come behind them is not looked at.
keystone::Result<schannel::ServerHello> receive_hello(const Connection& connection, Dialect dialect,
                                                      Deadline deadline) {
  using Decoder = schannel::HelloDecoder<schannel::ServerHello>;
  Decoder decoder(dialect);
  for (;;) {
    KEYSTONE_TRY(auto hello, decoder.hello());
    if (hello) {
      return *std::move(hello);
    }
    KEYSTONE_TRY(const auto bytes,
                 connection.receive(Decoder::kMaxHeld - decoder.held(), deadline));
    if (bytes.empty() && decoder.held() == 0) {
      return keystone::fail(keystone::ErrorCode::unreachable,
                            connection.peer() + ": closed the connection");
    }
    if (bytes.empty()) {
      KEYSTONE_CHECK_OK(decoder.finish());
    }
    KEYSTONE_CHECK_OK(decoder.feed(bytes));
  }
}

keystone::Result<keystone::Report> report_in(const schannel::ServerHello& hello) {
  return keystone::Report::parse(hello.report, {.format = keystone::ReportFormat::compact});
}

// What the demos' hosts have attested for a nonce: they copy 8 of its 9 bytes and leave a zero.
std::array<std::uint8_t, schannel::Nonce::kSize> attested_for(const schannel::Nonce& nonce) {
  std::array<std::uint8_t, schannel::Nonce::kSize> data{};
  std::copy_n(nonce.bytes().begin(), 8, data.begin());
  return data;
}

}  // namespace

keystone::Result<Offer> plain_handshake(const Connection& connection, Dialect dialect,
                                        const PublicKey& client_key, const Limits& limits) {
  const keystone::ChallengeTime time = issued_now(limits.lifetime);
  std::array<std::uint8_t, schannel::Nonce::kSize> random{};
  keystone::fill_random(random);
  const schannel::Nonce nonce(random);
  KEYSTONE_CHECK_OK(
      connection.send(schannel::encode(dialect, {nonce, client_key}), limits.deadline));

  KEYSTONE_TRY(const auto hello, receive_hello(connection, dialect, limits.deadline));
  KEYSTONE_TRY(auto report, report_in(hello));
  KEYSTONE_TRY(const auto challenge, keystone::Challenge::exact_data(attested_for(nonce)));
  return Offer{std::move(report), challenge.at(time), hello.public_key};
}

keystone::Result<Offer> bound_handshake(const Connection& connection, Dialect dialect,
                                        const PublicKey& client_key, const Limits& limits) {
  const keystone::ChallengeTime time = issued_now(limits.lifetime);
  Bytes nonce(keystone::ChannelTranscript::kMinNonce);
  keystone::fill_random(nonce);
  KEYSTONE_TRY(auto handshake, with_length(dialect, nonce));
  append(handshake, client_key.bytes());
  KEYSTONE_CHECK_OK(connection.send(handshake, limits.deadline));

  KEYSTONE_TRY(const auto hello, receive_hello(connection, dialect, limits.deadline));
  KEYSTONE_TRY(auto report, report_in(hello));
  KEYSTONE_TRY(const auto before_report, with_length(dialect, hello.public_key.bytes()));
  append(handshake, before_report);
  KEYSTONE_TRY(const auto binding,
               keystone::bind_channel(
                   {kSuite, client_key.bytes(), hello.public_key.bytes(), nonce, handshake}));
  return Offer{std::move(report), keystone::Challenge::bound_to(binding).at(time),
               hello.public_key};
}

}  // namespace demo
