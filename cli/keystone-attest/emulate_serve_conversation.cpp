// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_conversation.hpp"

#include "keystone-attest/emulate_serve_protocols.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/suggest.hpp"
#include "keystone/channel/raw.hpp"

#include <array>

namespace keystone::cli::attest {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"keystone-demo", "wasm-demo", "schannel-demo",
                                                    "raw"};
static_assert(kWords.size() == static_cast<std::size_t>(ServeProtocol::raw) + 1);

class RawConversation final : public Conversation {
 public:
  RawConversation(ReportFormat format, Attest attest)
      : format_(format), attest_(std::move(attest)) {}

  Result<Step> receive(ByteView bytes) override {
    KEYSTONE_CHECK_OK(decoder_.feed(bytes));
    KEYSTONE_TRY(const auto data, decoder_.next());
    if (!data) {
      return Step{};
    }
    if (data->empty()) {
      return fail(ErrorCode::malformed,
                  "data: got none, want 1 to " + std::to_string(ReportLayout::kMaxData) + " bytes");
    }
    KEYSTONE_TRY(const auto report, attest_(*data));
    const std::string text = encode(report, format_);
    const std::vector<std::uint8_t> payload(text.begin(), text.end());
    KEYSTONE_TRY(auto frame, channel::encode_frame(channel::raw::kAnswerFrames, payload));
    return Step{std::move(frame), true};
  }

  Status finish() const override { return decoder_.finish(); }

 private:
  ReportFormat format_;
  Attest attest_;
  channel::FrameDecoder decoder_{channel::raw::kRequestFrames};
};

static_assert(channel::raw::kRequestFrames.max_payload() == ReportLayout::kMaxData);

}  // namespace

Result<ServeProtocol> serve_protocol(std::string_view option, std::string_view word) {
  KEYSTONE_TRY(const auto index, index_of_name(option, word, kWords));
  return static_cast<ServeProtocol>(index);
}

std::string_view to_string(ServeProtocol protocol) {
  return kWords.at(static_cast<std::size_t>(protocol));
}

StartedConversation converse_raw(ReportFormat format, const Attest& attest) {
  return std::make_unique<RawConversation>(format, attest);
}

StartedConversation converse(const ConversationKind& kind, const Attest& attest) {
  using channel::schannel::Dialect;
  switch (kind.protocol) {
    case ServeProtocol::keystone_demo:
      return converse_keystone_demo(kind.bound, attest);
    case ServeProtocol::wasm_demo:
      return converse_schannel(Dialect::wasm, kind.bound, attest);
    case ServeProtocol::schannel_demo:
      return converse_schannel(Dialect::schannel, kind.bound, attest);
    case ServeProtocol::raw:
      return converse_raw(kind.format, attest);
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone::cli::attest
