// SPDX-License-Identifier: Apache-2.0
// A trusted client for keystone-demo: it speaks to an enclave only after a report that says which
// enclave that is.
#include "client.hpp"
#include "handshake.hpp"
#include "session.hpp"
#include <keystone/channel/keystone_demo.hpp>
#include <keystone/verifier/verifier.hpp>

#include <iostream>

namespace {

namespace protocol = keystone::channel::keystone_demo;
using demo::Answer;

constexpr char kName[] = "keystone-demo-client";
constexpr std::string_view kHelp =
    R"(Verifies the enclave of a keystone-demo server, then sends it lines to count the words of.
Usage: keystone-demo-client --policy FILE [--bind] [--timeout SECONDS] HOST [PORT]

  --policy FILE      Which devices, monitors and enclaves are trusted
  --bind             Ask for a report that binds this channel (README.md)
  --timeout SECONDS  For the handshake, and for each reply (10)
  PORT               8067, unless given

Exit codes: 0 accepted, 1 rejected, 2 usage, 3 malformed or unreadable, 4 internal, 5 not reached.
)";

// What the demo's enclave understands (include/calc_msg.h of keystone-demo 31b0f60).
constexpr std::uint16_t kWordCount = 1;
constexpr std::uint16_t kExit = 2;

demo::Deadline in(std::chrono::seconds time) {
  return std::chrono::steady_clock::now() + time;
}

keystone::Status send_message(const demo::FrameLink& link, const demo::Session& session,
                              const protocol::Message& message, demo::Deadline deadline) {
  KEYSTONE_TRY(const auto plaintext, protocol::encode_message(message));
  KEYSTONE_TRY(const auto payload, session.seal(plaintext));
  return link.send(payload, deadline);
}

// Each line to the enclave, each reply to standard output. The enclave reads up to a zero byte.
keystone::Status talk(demo::FrameLink& link, const demo::Session& session,
                      std::chrono::seconds timeout) {
  for (std::string line; std::getline(std::cin, line);) {
    const demo::Deadline deadline = in(timeout);
    protocol::Message message{kWordCount, {line.begin(), line.end()}};
    message.text.push_back(0);
    KEYSTONE_CHECK_OK(send_message(link, session, message, deadline));
    KEYSTONE_TRY(const auto payload, link.receive(deadline));
    KEYSTONE_TRY(const auto plaintext, session.open(payload));
    KEYSTONE_TRY(const auto words, protocol::decode_reply(plaintext));
    std::cout << "reply: " << words << std::endl;
  }
  return send_message(link, session, {kExit, {}}, in(timeout));
}

// What is left to say against a report that the policy accepts.
bool is_bound_as_asked(const demo::Options& options, const keystone::Verdict& verdict,
                       const demo::Offer& offer) {
  if (!options.bind) {
    std::cout << "channel: ends in the enclave of the report, which may be a recording\n";
    return true;
  }
  const bool bound = demo::binds_channel(verdict, offer.challenge);
  std::cout << (bound ? "channel: accepted: bound\n"
                      : "channel: rejected: the report does not bind it\n");
  return bound;
}

keystone::Result<Answer> run(const demo::Options& options) {
  KEYSTONE_TRY(auto policy, demo::read_policy(options.policy_file));
  const keystone::Verifier verifier(std::move(policy));
  KEYSTONE_TRY(const auto keys, demo::KeyPair::generate());
  const demo::Deadline deadline = in(options.timeout);
  KEYSTONE_TRY(auto connection, demo::Connection::open(options.peer, deadline));
  demo::FrameLink link(std::move(connection));

  if (!options.bind) {
    std::cerr << kName << ": note: this protocol has no nonce, so its reports are never fresh\n";
  }
  KEYSTONE_TRY(const auto offer, options.bind ? demo::bound_handshake(link, keys.public_key,
                                                                      deadline, options.timeout)
                                              : demo::plain_handshake(link, deadline));
  const auto verdict = verifier.verify({offer.report}, offer.challenge, demo::now());
  demo::print_verdict("report", verdict);
  if (!verdict.accepted() || !is_bound_as_asked(options, verdict, offer)) {
    return Answer::rejected;  // and not a byte more to this peer
  }

  KEYSTONE_TRY(const auto enclave_key, demo::EnclaveKey::from("enclave key", offer.enclave_key));
  KEYSTONE_TRY(const auto session, demo::Session::create(keys, enclave_key));
  if (!options.bind) {
    KEYSTONE_CHECK_OK(link.send(keys.public_key.bytes(), in(options.timeout)));
  }
  KEYSTONE_CHECK_OK(talk(link, session, options.timeout));
  return Answer::accepted;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  return demo::run_client(
      kName, kHelp, demo::read_options(arguments.subspan(argc > 0 ? 1 : 0), protocol::kPort), run);
}
