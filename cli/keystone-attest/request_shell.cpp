// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/request_shell.hpp"

#include "keystone/base/descriptor.hpp"
#include "keystone/base/hex.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace keystone::cli::attest {
namespace {

using Clock = std::chrono::steady_clock;

// How often a command that has closed its output is asked whether it has ended.
constexpr int kPause = 5;  // milliseconds

tl::unexpected<Error> cannot(std::string_view what) {
  return fail(ErrorCode::internal,
              "the evidence command cannot be " + std::string(what) + ": " + std::strerror(errno));
}

// A file in memory that holds the text, at its start: a command that does not read it breaks no
// pipe.
Result<Descriptor> file_of(const std::string& text) {
  Descriptor file(::memfd_create("nonce", MFD_CLOEXEC));
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  if (!file.is_open() || !file.write_all(bytes) || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    return cannot("given its input");
  }
  return file;
}

class Environment {
 public:
  explicit Environment(std::string addition) : addition_(std::move(addition)) {
    const std::string name = addition_.substr(0, addition_.find('=') + 1);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (std::strncmp(*entry, name.c_str(), name.size()) != 0) {
        entries_.push_back(*entry);
      }
    }
    entries_.push_back(addition_.data());
    entries_.push_back(nullptr);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  [[nodiscard]] char* const* get() const { return entries_.data(); }

 private:
  std::string addition_;
  std::vector<char*> entries_;
};

// Starts the command in a process group of its own, with that input, and with `output` as its
// standard output.
Result<pid_t> start(std::string command, const std::string& nonce, int input, int output) {
  const Environment environment("KEYSTONE_NONCE=" + nonce);
  std::string shell = "/bin/sh";
  std::string option = "-c";
  const std::array<char*, 4> words = {shell.data(), option.data(), command.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  pid_t child = -1;
  errno =
      ::posix_spawn(&child, shell.c_str(), &actions, &attributes, words.data(), environment.get());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) {
    return cannot("started");
  }
  return child;
}

// Lends the terminal to a process group, as a shell does: else a command that asks a person for
// something, ssh for a passphrase, would be stopped.
class Foreground {
 public:
  explicit Foreground(pid_t group) : terminal_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    is_lent_ = terminal_.is_open() && ::tcgetpgrp(terminal_.get()) == ::getpgrp();
    if (is_lent_) {
      give_to(group);
      (void)::kill(-group, SIGCONT);  // it may have asked already
    }
  }
  ~Foreground() {
    if (is_lent_) {
      give_to(::getpgrp());
    }
  }
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;

 private:
  // Who takes it from the background is stopped for that, unless the signal is blocked.
  void give_to(pid_t group) const {
    sigset_t stop;
    sigset_t before;
    ::sigemptyset(&stop);
    ::sigaddset(&stop, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &stop, &before);
    (void)::tcsetpgrp(terminal_.get(), group);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  Descriptor terminal_;
  bool is_lent_ = false;
};

bool waits_until(int pipe, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd entry{pipe, POLLIN, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

// What comes out of a pipe until its end, or one byte more than `most`. Nothing, if the deadline
// comes first.
std::optional<std::vector<std::uint8_t>> read_all(int pipe, std::size_t most,
                                                  Clock::time_point deadline) {
  std::vector<std::uint8_t> bytes;
  std::array<std::uint8_t, 4096> part{};
  while (bytes.size() <= most) {
    if (!waits_until(pipe, deadline)) {
      return std::nullopt;
    }
    const ssize_t count = ::read(pipe, part.data(), part.size());
    if (count > 0) {
      bytes.insert(bytes.end(), part.begin(), part.begin() + count);
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  return bytes;
}

// How the child ended; nothing if it has not done so by then.
Result<std::optional<int>> wait_for(pid_t child, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) {
      return std::optional(status);
    }
    if (ended < 0 && errno != EINTR) {
      return cannot("waited for");
    }
    if (Clock::now() >= deadline) {
      return std::optional<int>();
    }
    (void)::poll(nullptr, 0, kPause);
  }
}

void kill_group(pid_t leader) {
  (void)::kill(-leader, SIGKILL);
  while (::waitpid(leader, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status check_end(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return {};
  }
  return fail(ErrorCode::unreadable,
              "the evidence command: " +
                  (WIFSIGNALED(status)
                       ? "ended by signal " + std::to_string(WTERMSIG(status))
                       : "got the exit code " + std::to_string(WEXITSTATUS(status)) + ", want 0"));
}

}  // namespace

Result<std::vector<std::uint8_t>> output_of_command(const std::string& command, ByteView nonce,
                                                    std::size_t most, std::chrono::seconds time) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return cannot("given its output");
  }
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const std::string spelt = hex::encode(nonce);
  KEYSTONE_TRY(const auto input, file_of(spelt + "\n"));
  const auto deadline = Clock::now() + time;
  KEYSTONE_TRY(const auto child, start(command, spelt, input.get(), writing.get()));
  const Foreground foreground(child);
  (void)writing.close();
  auto bytes = read_all(reading.get(), most, deadline);
  const bool is_too_long = bytes && bytes->size() > most;
  std::optional<int> ended;
  if (bytes && !is_too_long) {
    KEYSTONE_TRY(ended, wait_for(child, deadline));
  }
  if (ended) {
    KEYSTONE_CHECK_OK(check_end(*ended));
    return *std::move(bytes);
  }
  kill_group(child);
  if (is_too_long) {
    return fail(ErrorCode::limit_exceeded,
                "the evidence command: got more than " + std::to_string(most) + " bytes");
  }
  return fail(ErrorCode::unreadable,
              "the evidence command: got no end of it in " + std::to_string(time.count()) + " s",
              "--evidence-timeout gives it more");
}

}  // namespace keystone::cli::attest
