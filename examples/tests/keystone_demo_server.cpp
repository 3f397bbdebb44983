// SPDX-License-Identifier: Apache-2.0
// A server of keystone-demo's protocol that keeps to a script (script.hpp). It says `sent HEX`
// after its part of the handshake, `text HEX` for a message and `exit` for the last one.
#include "enclave_session.hpp"
#include "keystone/crypto/channel_binding.hpp"
#include "script.hpp"

namespace keystone::testing {
namespace {

using channel::kKeystoneDemoFrames;

// As README.md has it, for clients of anybody's.
constexpr std::string_view kSuite = "keystone-demo-bind/1 crypto_kx crypto_secretbox";
constexpr std::size_t kNonce = 32;
// include/calc_msg.h of keystone-demo 31b0f60.
constexpr std::uint16_t kWordCount = 1;
constexpr std::uint16_t kExit = 2;

const ChannelKeys& enclave_keys() {
  static const ChannelKeys keys("enclave");
  return keys;
}

const ChannelKeys& man_in_the_middle() {
  static const ChannelKeys keys("man in the middle");
  return keys;
}

Bytes frame(ByteView payload) {
  return channel::encode_frame(kKeystoneDemoFrames, payload).value();
}

// The payload of the client's next frame; empty when there is none.
Bytes receive_frame(ScriptedPeer& peer) {
  const Bytes prefix = peer.receive(size_of(kKeystoneDemoFrames.prefix()));
  std::size_t size = 0;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    size |= std::size_t{prefix[i]} << (8 * i);
  }
  KEYSTONE_ASSERT(size <= kKeystoneDemoFrames.max_payload());
  return peer.receive(size);
}

// As the demo's enclave counts, up to a zero byte.
std::int32_t words_in(ByteView text) {
  std::int32_t words = 0;
  bool within = false;
  for (const std::uint8_t byte : text) {
    if (byte == 0) {
      break;
    }
    const bool is_space = byte == ' ' || byte == '\n' || byte == '\t';
    words += !is_space && !within ? 1 : 0;
    within = !is_space;
  }
  return words;
}

// What a man in the middle does to a reply.
using Distort = std::function<void(Bytes&)>;

void converse(ScriptedPeer& peer, ByteView client_key, const Distort& distort = {}) {
  const EnclaveSession session(enclave_keys(), client_key);
  for (Bytes payload = receive_frame(peer); !payload.empty(); payload = receive_frame(peer)) {
    const auto message = session.open(payload);
    if (message.type == kExit) {
      tell("exit", std::to_string(message.text.size()));
      return;
    }
    KEYSTONE_ASSERT(message.type == kWordCount);
    tell("text", hex::encode(message.text));
    Bytes reply = session.seal_reply(words_in(message.text));
    if (distort) {
      distort(reply);
    }
    peer.send(frame(reply));
  }
}

// keystone-demo's own handshake, with this report.
void plain(ScriptedPeer& peer, const Report& report, const Distort& distort = {}) {
  peer.send(frame(report.encode_fixed()));
  peer.tell_sent();
  const Bytes client_key = receive_frame(peer);
  if (client_key.size() == crypto_kx_PUBLICKEYBYTES) {  // else it has left, or speaks otherwise
    converse(peer, client_key, distort);
  }
}

// A good report with these data.
Script plain_with(ByteView data) {
  return [data = Bytes(data.begin(), data.end())](Scene& scene) {
    plain(scene.peer, scene.attester.report(data));
  };
}

void wrong_enclave(Scene& scene) {
  scene.attester.enclave_hash = field_for<EnclaveHash>("another enclave");
  plain(scene.peer, scene.attester.report(enclave_keys().public_key));
}

void unregistered_device(Scene& scene) {
  scene.attester.device = key_for("another device");
  plain(scene.peer, scene.attester.report(enclave_keys().public_key));
}

void swapped_key(Scene& scene) {
  ReportFields fields = scene.attester.fields(enclave_keys().public_key);
  const auto& key = man_in_the_middle().public_key;
  fields.data.assign(key.begin(), key.end());
  plain(scene.peer, Report::from_fields(fields).value());
}

void garbled_reply(Scene& scene) {
  plain(scene.peer, scene.attester.report(enclave_keys().public_key),
        [](Bytes& reply) { reply.front() ^= 1U; });
}

void client_mirrored(Scene& scene) {
  scene.peer.send(frame(scene.attester.report(enclave_keys().public_key).encode_fixed()));
  (void)receive_frame(scene.peer);
  scene.peer.send(frame(receive_frame(scene.peer)));
}

// What a script changes of the handshake with a binding.
struct Changes {
  std::string_view suite = kSuite;
  Bytes nonce = {};       // that is bound instead of the client's, unless empty
  Bytes client_key = {};  // the same
  ByteView sent_key = enclave_keys().public_key;
};

Script bound_but_for(const Changes& changes) {
  return [changes](Scene& scene) {
    const Bytes hello = receive_frame(scene.peer);
    KEYSTONE_ASSERT(hello.size() == kNonce + crypto_kx_PUBLICKEYBYTES);
    tell("hello", hex::encode(hello));
    const ByteView nonce = ByteView(hello).first(kNonce);
    const ByteView client_key = ByteView(hello).subspan(kNonce);
    const ByteView own_key = enclave_keys().public_key;
    const auto binding = bind_channel(
        {changes.suite, changes.client_key.empty() ? client_key : changes.client_key, own_key,
         changes.nonce.empty() ? nonce : changes.nonce, joined(frame(hello), frame(own_key))});
    const Bytes report = scene.attester.report(binding.value().bytes()).encode_fixed();
    scene.peer.send(joined(frame(changes.sent_key), frame(report)));
    scene.peer.tell_sent();
    converse(scene.peer, client_key);
  };
}

void bind_wrong_enclave(Scene& scene) {
  scene.attester.enclave_hash = field_for<EnclaveHash>("another enclave");
  bound_but_for({})(scene);
}

std::map<std::string, Script> scripts() {
  const Bytes sevens(32, 7);
  return {
      {"good", plain_with(enclave_keys().public_key)},
      {"short-data", plain_with(ByteView(enclave_keys().public_key).first(31))},
      {"small-order-key", plain_with(Bytes(crypto_kx_PUBLICKEYBYTES))},
      {"wrong-enclave", wrong_enclave},
      {"unregistered-device", unregistered_device},
      {"swapped-key", swapped_key},
      {"garbled-reply", garbled_reply},
      {"client-mirrored", client_mirrored},
      {"bind", bound_but_for({})},
      {"bind-other-key", bound_but_for({.sent_key = man_in_the_middle().public_key})},
      {"bind-other-client", bound_but_for({.client_key = sevens})},
      {"bind-other-nonce", bound_but_for({.nonce = sevens})},
      {"bind-wrong-enclave", bind_wrong_enclave},
      {"bind-other-suite", bound_but_for({.suite = "another suite"})},
  };
}

}  // namespace
}  // namespace keystone::testing

int main(int argc, char** argv) {
  return keystone::testing::run_script(argc, argv, keystone::testing::scripts());
}
