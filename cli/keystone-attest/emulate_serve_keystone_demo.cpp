// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_protocols.hpp"
#include "keystone-attest/emulate_serve_session.hpp"
#include "keystone/channel/frames.hpp"
#include "keystone/crypto/channel_binding.hpp"

#include <algorithm>
#include <optional>

namespace keystone::cli::attest {
namespace {

namespace protocol = channel::keystone_demo;
using channel::kKeystoneDemoFrames;
using Bytes = std::vector<std::uint8_t>;

// What the demo's enclave understands (include/calc_msg.h of keystone-demo, 31b0f60).
constexpr std::uint16_t kWordCount = 1;
constexpr std::uint16_t kExit = 2;

// Of the extension in examples/README.md, and the size of its nonce.
constexpr std::string_view kSuite = "keystone-demo-bind/1 crypto_kx crypto_secretbox";
constexpr std::size_t kNonce = 32;

// How many words there are before the first zero byte.
std::int32_t count_words(ByteView text) {
  std::int32_t words = 0;
  bool was_space = true;
  for (const std::uint8_t byte : text.first(static_cast<std::size_t>(
           std::find(text.begin(), text.end(), std::uint8_t{0}) - text.begin()))) {
    const bool is_space = byte == ' ' || byte == '\t' || byte == '\n';
    if (was_space && !is_space) {
      ++words;
    }
    was_space = is_space;
  }
  return words;
}

Status append_frame(Bytes& bytes, ByteView payload) {
  KEYSTONE_TRY(const auto frame, channel::encode_frame(kKeystoneDemoFrames, payload));
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  return {};
}

class KeystoneDemoConversation final : public Conversation {
 public:
  KeystoneDemoConversation(bool bound, EnclaveKeys keys, Attest attest)
      : bound_(bound), keys_(std::move(keys)), attest_(std::move(attest)) {}

  Result<Step> begin() override {
    Step step;
    if (!bound_) {
      KEYSTONE_CHECK_OK(append_report(step.answer, keys_.public_key.bytes()));
    }
    return step;
  }

  Result<Step> receive(ByteView bytes) override {
    KEYSTONE_CHECK_OK(decoder_.feed(bytes));
    Step step;
    while (!step.ended) {
      KEYSTONE_TRY(const auto payload, decoder_.next());
      if (!payload) {
        break;
      }
      KEYSTONE_CHECK_OK(!session_ ? shake_hands(*payload, step) : reply(*payload, step));
    }
    return step;
  }

  Status finish() const override { return decoder_.finish(); }

 private:
  Status append_report(Bytes& bytes, ByteView data) const {
    KEYSTONE_TRY(const auto report, attest_(data));
    return append_frame(bytes, report.encode_fixed());
  }

  // The client's first frame: its key, behind a nonce if the channel is to be bound.
  Status shake_hands(ByteView payload, Step& step) {
    const std::size_t before_key = bound_ ? kNonce : 0;
    if (payload.size() != before_key + protocol::ClientKey::kSize) {
      return fail(ErrorCode::malformed,
                  "client's first frame: got " + std::to_string(payload.size()) + " bytes, want " +
                      std::to_string(before_key + protocol::ClientKey::kSize));
    }
    const protocol::ClientKey key(payload.last<protocol::ClientKey::kSize>());
    KEYSTONE_TRY(session_, EnclaveSession::create(keys_, key));
    return bound_ ? bind(payload, key, step) : Status();
  }

  Status bind(ByteView hello, const protocol::ClientKey& key, Step& step) const {
    const ByteView own_key = keys_.public_key.bytes();
    Bytes handshake;
    KEYSTONE_CHECK_OK(append_frame(handshake, hello));
    KEYSTONE_CHECK_OK(append_frame(handshake, own_key));
    KEYSTONE_TRY(const auto binding,
                 bind_channel({kSuite, key.bytes(), own_key, hello.first(kNonce), handshake}));
    KEYSTONE_CHECK_OK(append_frame(step.answer, own_key));
    return append_report(step.answer, binding.bytes());
  }

  Status reply(ByteView payload, Step& step) const {
    KEYSTONE_TRY(const auto plaintext, session_->open(payload));
    KEYSTONE_TRY(const auto message, protocol::decode_message(plaintext));
    if (message.type == kExit) {
      step.ended = true;
      return {};
    }
    if (message.type != kWordCount) {
      return fail(ErrorCode::malformed, "message type: got " + std::to_string(message.type) +
                                            ", want 1 (count words) or 2 (end)");
    }
    KEYSTONE_TRY(const auto sealed,
                 session_->seal(protocol::encode_reply(count_words(message.text))));
    return append_frame(step.answer, sealed);
  }

  bool bound_;
  EnclaveKeys keys_;
  Attest attest_;
  channel::FrameDecoder decoder_{kKeystoneDemoFrames};
  std::optional<EnclaveSession> session_;  // once the client's key is there
};

}  // namespace

StartedConversation converse_keystone_demo(bool bound, const Attest& attest) {
  KEYSTONE_TRY(auto keys, EnclaveKeys::generate());
  return std::make_unique<KeystoneDemoConversation>(bound, std::move(keys), attest);
}

}  // namespace keystone::cli::attest
