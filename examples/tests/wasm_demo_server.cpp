// SPDX-License-Identifier: Apache-2.0
// A server of the handshake of wasm-demo and schannel-demo that keeps to a script (script.hpp),
// with the dialect, wasm or schannel, before it. It says `sent HEX` after its answer.
#include "keystone/channel/schannel.hpp"
#include "keystone/crypto/channel_binding.hpp"
#include "script.hpp"

#include <algorithm>
#include <iostream>

namespace keystone::testing {
namespace {

using channel::schannel::ClientHello;
using channel::schannel::Dialect;
using channel::schannel::PublicKey;

// As README.md has it, for clients of anybody's.
constexpr std::string_view kSuite = "schannel-bind/1 ecdh-p384";
constexpr std::size_t kNonce = 32;

PublicKey key_of(std::string_view label) {
  Bytes bytes = joined(bytes_for<48>(label), bytes_for<48>(label));
  bytes.insert(bytes.begin(), PublicKey::kUncompressed);
  return PublicKey::from(bytes).value();
}

Bytes with_length(Dialect dialect, ByteView bytes) {
  return channel::encode_frame({channel::schannel::length_prefix(dialect), bytes.size()}, bytes)
      .value();
}

void answer(Scene& scene, Dialect dialect, const PublicKey& key, const Report& report) {
  scene.peer.send(encode(dialect, {key, report.encode_compact()}).value());
  scene.peer.tell_sent();
}

// The client's hello, with a nonce of that size.
Bytes receive_hello(ScriptedPeer& peer, Dialect dialect, std::size_t nonce_size) {
  const std::size_t prefix = size_of(channel::schannel::length_prefix(dialect));
  Bytes hello = peer.receive(prefix + nonce_size + PublicKey::kSize);
  KEYSTONE_ASSERT(hello.size() == prefix + nonce_size + PublicKey::kSize);
  KEYSTONE_ASSERT(hello.front() == nonce_size);
  tell("hello", hex::encode(hello));
  return hello;
}

ClientHello receive_plain_hello(ScriptedPeer& peer, Dialect dialect) {
  const Bytes hello = receive_hello(peer, dialect, channel::schannel::Nonce::kSize);
  return channel::schannel::decode_client_hello(dialect, hello).value();
}

// The demos' handshake. The host copies `copied` bytes of the nonce.
void plain(Scene& scene, Dialect dialect, std::size_t copied = 8) {
  const ClientHello hello = receive_plain_hello(scene.peer, dialect);
  Bytes data(9);
  std::copy_n(hello.nonce.bytes().begin(), copied, data.begin());
  answer(scene, dialect, key_of("server"), scene.attester.report(data));
}

void wrong_enclave(Scene& scene, Dialect dialect) {
  scene.attester.enclave_hash = field_for<EnclaveHash>("another enclave");
  plain(scene, dialect);
}

void unregistered_device(Scene& scene, Dialect dialect) {
  scene.attester.device = key_for("another device");
  plain(scene, dialect);
}

// Eight bytes of somebody's, whom this client is not.
void other_nonce(Scene& scene, Dialect dialect) {
  (void)receive_plain_hello(scene.peer, dialect);
  answer(scene, dialect, key_of("server"), scene.attester.report(Bytes{1, 2, 3, 4, 5, 6, 7, 8, 0}));
}

// What a script changes of the handshake with a binding.
struct Changes {
  std::string_view suite = kSuite;
  Bytes nonce;  // that is bound instead of the client's, unless empty
  PublicKey sent_key = key_of("server");
};

Changes with_key(std::string_view name) {
  Changes changes;
  changes.sent_key = key_of(name);
  return changes;
}

Changes with_nonce(const Bytes& nonce) {
  Changes changes;
  changes.nonce = nonce;
  return changes;
}

Changes with_suite(std::string_view suite) {
  Changes changes;
  changes.suite = suite;
  return changes;
}

void bound(Scene& scene, Dialect dialect, const Changes& changes) {
  const Bytes hello = receive_hello(scene.peer, dialect, kNonce);
  const ByteView client_key = ByteView(hello).last(PublicKey::kSize);
  const ByteView nonce = ByteView(hello).last(kNonce + PublicKey::kSize).first(kNonce);
  const PublicKey key = key_of("server");
  const auto binding = bind_channel({changes.suite, client_key, key.bytes(),
                                     changes.nonce.empty() ? nonce : changes.nonce,
                                     joined(hello, with_length(dialect, key.bytes()))});
  answer(scene, dialect, changes.sent_key, scene.attester.report(binding.value().bytes()));
}

// As a host would that takes the long nonce and attests what it always does.
void bind_unknown(Scene& scene, Dialect dialect) {
  const Bytes hello = receive_hello(scene.peer, dialect, kNonce);
  const ByteView nonce = ByteView(hello).last(kNonce + PublicKey::kSize);
  answer(scene, dialect, key_of("server"), scene.attester.report(joined(nonce.first(8), Bytes(1))));
}

void bind_wrong_enclave(Scene& scene, Dialect dialect) {
  scene.attester.enclave_hash = field_for<EnclaveHash>("another enclave");
  bound(scene, dialect, Changes());
}

std::map<std::string, Script> scripts(Dialect dialect) {
  const auto in_dialect = [dialect](void (*script)(Scene&, Dialect)) {
    return [script, dialect](Scene& scene) { script(scene, dialect); };
  };
  const auto bound_but_for = [dialect](const Changes& changes) {
    return [changes, dialect](Scene& scene) { bound(scene, dialect, changes); };
  };
  return {
      {"good", [dialect](Scene& scene) { plain(scene, dialect); }},
      {"no-nonce", [dialect](Scene& scene) { plain(scene, dialect, 0); }},
      {"other-nonce", in_dialect(other_nonce)},
      {"wrong-enclave", in_dialect(wrong_enclave)},
      {"unregistered-device", in_dialect(unregistered_device)},
      {"bind", bound_but_for(Changes())},
      {"bind-other-key", bound_but_for(with_key("man in the middle"))},
      {"bind-other-nonce", bound_but_for(with_nonce(Bytes(kNonce, 7)))},
      {"bind-other-suite", bound_but_for(with_suite("another suite"))},
      {"bind-wrong-enclave", in_dialect(bind_wrong_enclave)},
      {"bind-unknown", in_dialect(bind_unknown)},
  };
}

int run(int argc, char** argv) {
  const std::string_view dialect = argc > 1 ? argv[1] : "";
  if (dialect != "wasm" && dialect != "schannel") {
    std::cerr << "want: wasm or schannel, SCRIPT POLICY [BYTES]\n";
    return 2;
  }
  return run_script(argc - 1, argv + 1,
                    scripts(dialect == "wasm" ? Dialect::wasm : Dialect::schannel));
}

}  // namespace
}  // namespace keystone::testing

int main(int argc, char** argv) {
  return keystone::testing::run(argc, argv);
}
