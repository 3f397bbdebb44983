// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include "hostile.hpp"
#include "session_client.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keystone::bench {
namespace {

template <class Message>
bool send_message(int socket, const Message& message) {
  return ::send(socket, &message, sizeof message, MSG_NOSIGNAL) == sizeof message;
}

template <class Message>
bool receive_message(int socket, Message& message) {
  return ::recv(socket, &message, sizeof message, 0) == sizeof message;
}

Outcome obey(const Load& load, std::unique_ptr<Hostile>& hostile) {
  switch (load.kind) {
    case Load::Kind::sessions:
      return run_sessions(load);
    case Load::Kind::hostile:
      hostile = std::make_unique<Hostile>(load);
      break;
    case Load::Kind::rest:
      break;
  }
  return {true, hostile ? hostile->held() : 0, 0, 0};
}

// The child's life: one load after the other, until the parent hangs up.
void serve(int control) {
  std::unique_ptr<Hostile> hostile;
  Load load;
  while (true) {
    if (hostile) {
      hostile->keep_up_until_readable(control);
    }
    if (!receive_message(control, load)) {
      return;
    }
    Outcome outcome;
    try {
      outcome = obey(load, hostile);
    } catch (const std::exception& error) {
      (void)std::fprintf(stderr, "load: %s\n", error.what());
    }
    if (load.kind != Load::Kind::hostile) {
      hostile.reset();
    }
    if (!send_message(control, outcome)) {
      return;
    }
  }
}

}  // namespace

LoadProcess::LoadProcess() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error("load: no socket");
  }
  control_ = Descriptor(ends[0]);
  const Descriptor other(ends[1]);
  child_ = ::fork();
  if (child_ < 0) {
    throw std::runtime_error("load: no process");
  }
  if (child_ == 0) {
    (void)control_.close();
    serve(other.get());
    ::_exit(0);
  }
}

LoadProcess::~LoadProcess() {
  (void)control_.close();
  (void)::waitpid(child_, nullptr, 0);
}

Outcome LoadProcess::run(const Load& load) const {
  Outcome outcome;
  if (!send_message(control_.get(), load) || !receive_message(control_.get(), outcome) ||
      !outcome.good) {
    throw std::runtime_error("load: not done");
  }
  return outcome;
}

}  // namespace keystone::bench
