// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_serve_conversation.hpp"
#include "keystone/base/descriptor.hpp"

#include <chrono>
#include <string>

namespace keystone::cli::attest {

// A conversation on a socket that never blocks. Memory: one answer, and what the protocol's decoder
// holds; nothing is read from a client who does not take in the answer.
class ServedConnection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `patience` is what the client has for each message: from now on, and after each answer again.
  // Single bytes gain it nothing.
  ServedConnection(Descriptor socket, std::string peer, std::unique_ptr<Conversation> conversation,
                   std::chrono::seconds patience);

  // Says what is to be said unasked.
  [[nodiscard]] Status begin(Time now);

  // Goes on, once the socket is ready for events(). Fails where the client does not keep to the
  // protocol or cannot be reached any more: then, too, it is to be closed.
  [[nodiscard]] Status go_on(Time now);

  // All is said, and only the client's own end is waited for.
  [[nodiscard]] bool is_closing() const { return stage_ == Stage::closing; }

  // Both sides have closed.
  [[nodiscard]] bool is_over() const { return stage_ == Stage::over; }

  // It was sent a report, or part of one.
  [[nodiscard]] bool has_report() const { return has_report_; }

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] short events() const;  // of poll(2)
  [[nodiscard]] Time deadline() const { return deadline_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  enum class Stage : std::uint8_t {
    talking,
    closing,  // all is said; what the client still sends is dropped, until it closes, too
    over,
  };

  [[nodiscard]] Status take(Result<Conversation::Step> step, Time now);
  [[nodiscard]] Status send_answer();
  [[nodiscard]] Status receive(Time now);

  Descriptor socket_;
  std::string peer_;
  std::unique_ptr<Conversation> conversation_;
  std::chrono::seconds patience_;
  Time deadline_;
  std::vector<std::uint8_t> answer_;
  std::size_t sent_ = 0;  // of answer_
  bool ended_ = false;    // when the answer is sent
  bool has_report_ = false;
  Stage stage_ = Stage::talking;
};

}  // namespace keystone::cli::attest
