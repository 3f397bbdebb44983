// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_connection.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

namespace keystone::cli::attest {
namespace {

constexpr std::size_t kReadSize = 4096;  // bytes

bool is_for_later(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

tl::unexpected<Error> lost() {
  return fail(ErrorCode::unreachable, std::strerror(errno));
}

}  // namespace

ServedConnection::ServedConnection(Descriptor socket, std::string peer,
                                   std::unique_ptr<Conversation> conversation,
                                   std::chrono::seconds patience)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      conversation_(std::move(conversation)),
      patience_(patience) {}

Status ServedConnection::begin(Time now) {
  deadline_ = now + patience_;
  return take(conversation_->begin(), now);
}

Status ServedConnection::go_on(Time now) {
  return answer_.empty() ? receive(now) : send_answer();
}

short ServedConnection::events() const {
  return answer_.empty() ? POLLIN : POLLOUT;
}

Status ServedConnection::take(Result<Conversation::Step> step, Time now) {
  if (!step) {
    return fail(std::move(step).error());
  }
  if (!step->answer.empty()) {
    answer_ = std::move(step->answer);
    sent_ = 0;
    has_report_ = true;  // every protocol's first answer has one
    deadline_ = now + patience_;
  }
  ended_ = step->ended;
  return send_answer();
}

Status ServedConnection::send_answer() {
  while (sent_ < answer_.size()) {
    const ssize_t count =
        ::send(socket_.get(), answer_.data() + sent_, answer_.size() - sent_, MSG_NOSIGNAL);
    if (count < 0) {
      return is_for_later(errno) ? Status() : Status(lost());
    }
    sent_ += static_cast<std::size_t>(count);
  }
  answer_.clear();
  if (ended_ && stage_ == Stage::talking) {
    // Closed at once, with bytes unread, the system would take the answer back.
    stage_ = Stage::closing;
    (void)::shutdown(socket_.get(), SHUT_WR);
  }
  return {};
}

Status ServedConnection::receive(Time now) {
  std::array<std::uint8_t, kReadSize> buffer{};
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count < 0) {
    return is_for_later(errno) ? Status() : Status(lost());
  }
  if (count == 0) {
    const bool may_end = stage_ == Stage::closing;
    stage_ = Stage::over;
    return may_end ? Status() : conversation_->finish();
  }
  if (stage_ == Stage::closing) {
    return {};
  }
  return take(conversation_->receive(ByteView(buffer).first(static_cast<std::size_t>(count))), now);
}

}  // namespace keystone::cli::attest
