// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/report/report.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

// What an emulated attester says to one client: the server's side of a protocol, without the
// connection. Bytes go in, bytes come out; who carries them decides how long it waits.
namespace keystone::cli::attest {

enum class ServeProtocol : std::uint8_t { keystone_demo, wasm_demo, schannel_demo, raw };

[[nodiscard]] Result<ServeProtocol> serve_protocol(std::string_view option, std::string_view word);
[[nodiscard]] std::string_view to_string(ServeProtocol protocol);

struct ConversationKind {
  ServeProtocol protocol;
  bool bound = false;  // the demos' handshakes as examples/README.md extends them; not of `raw`
  ReportFormat format = ReportFormat::fixed;  // of the reports of `raw`
};

// The report whose data these are.
using Attest = std::function<Result<Report>(ByteView data)>;

// One client. What it says is believed to be anything; after an error, or after a step that ended
// the conversation, it is over, and the object is good for nothing more.
class Conversation {
 public:
  struct Step {
    std::vector<std::uint8_t> answer;  // to send, before anything else is taken in
    bool ended = false;
  };

  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // To be called first. What the server says unasked, mostly nothing.
  [[nodiscard]] virtual Result<Step> begin() { return Step{}; }

  // Takes in the stream's next bytes. Fails with `malformed` or `limit_exceeded` where they are not
  // the protocol's, and as Attest does. What comes behind the end is not looked at.
  [[nodiscard]] virtual Result<Step> receive(ByteView bytes) = 0;

  // For the end of the stream: `malformed` if that cuts what the client said.
  [[nodiscard]] virtual Status finish() const = 0;

 protected:
  Conversation() = default;
};

// A conversation with a new client. Each makes keys of its own. Fails with `internal` if keys
// cannot be made.
[[nodiscard]] Result<std::unique_ptr<Conversation>> converse(const ConversationKind& kind,
                                                             const Attest& attest);

}  // namespace keystone::cli::attest
