// SPDX-License-Identifier: Apache-2.0
// A client for the handshake of wasm-demo and schannel-demo. It asks two questions, and shows that
// the second is another one: is the report good, and does it speak of this connection?
#include "client.hpp"
#include "handshake.hpp"
#include "key_pair.hpp"
#include <keystone/base/hex.hpp>
#include <keystone/base/text.hpp>
#include <keystone/verifier/verifier.hpp>

#include <iostream>

namespace {

using demo::Answer;
using demo::Dialect;

constexpr char kName[] = "wasm-demo-client";
constexpr std::string_view kHelp =
    R"(Asks a wasm-demo server who it is, and says whether the connection ends there.
Usage: wasm-demo-client --policy FILE [--bind] [--dialect NAME] [--timeout SECONDS] HOST [PORT]

  --policy FILE      Which devices, monitors and enclaves are trusted
  --bind             Ask for a report that binds this channel (README.md)
  --dialect NAME     wasm, or schannel: whose lengths are spoken (wasm)
  --timeout SECONDS  For the handshake (10)
  PORT               3333, unless given

Exit codes: 0 accepted, 1 rejected, 2 usage, 3 malformed or unreadable, 4 internal, 5 not reached.
The handshake of the demos themselves is always rejected: their report binds no key.
)";

keystone::Result<Dialect> read_dialect(const std::string& name) {
  if (name == "wasm") {
    return Dialect::wasm;
  }
  if (name == "schannel") {
    return Dialect::schannel;
  }
  return keystone::fail(keystone::ErrorCode::usage,
                        "--dialect: got " + keystone::printable(name) + ", want wasm or schannel");
}

// Whether the report says that the key which came with it is the enclave's.
Answer judge_channel(const keystone::Verdict& verdict, const demo::Offer& offer) {
  if (demo::binds_channel(verdict, offer.challenge)) {
    std::cout << "channel: accepted: bound, the enclave's key is "
              << keystone::hex::encode(offer.server_key.bytes()) << '\n';
    return Answer::accepted;
  }
  std::cout << (verdict.accepted() ? "channel: rejected: no channel binding, so the key may be "
                                     "anybody's\n"
                                   : "channel: rejected: so is the report\n");
  return Answer::rejected;
}

keystone::Result<Answer> run(const demo::Options& options, Dialect dialect) {
  KEYSTONE_TRY(auto policy, demo::read_policy(options.policy_file));
  const keystone::Verifier verifier(std::move(policy));
  KEYSTONE_TRY(const auto keys, demo::KeyPair::generate());
  const demo::Limits limits{std::chrono::steady_clock::now() + options.timeout, options.timeout};
  KEYSTONE_TRY(const auto connection, demo::Connection::open(options.peer, limits.deadline));

  const auto handshake = options.bind ? demo::bound_handshake : demo::plain_handshake;
  KEYSTONE_TRY(const auto offer, handshake(connection, dialect, keys.public_key(), limits));
  const auto verdict = verifier.verify({offer.report}, offer.challenge, demo::now());
  demo::print_verdict("report", verdict);
  return judge_channel(verdict, offer);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  std::string dialect_name = "wasm";
  const auto options =
      demo::read_options(arguments.subspan(argc > 0 ? 1 : 0), keystone::channel::schannel::kPort,
                         {{"--dialect", &dialect_name}});
  return demo::run_client(kName, kHelp, options,
                          [&](const demo::Options& given) -> keystone::Result<Answer> {
                            KEYSTONE_TRY(const auto dialect, read_dialect(dialect_name));
                            return run(given, dialect);
                          });
}
