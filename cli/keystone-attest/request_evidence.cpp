// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/request_evidence.hpp"

#include "keystone-attest/report_file.hpp"
#include "keystone/base/descriptor.hpp"
#include "keystone/base/hex.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace keystone::cli::attest {
namespace {

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

// Starts the command with that input, and with `output` as its standard output.
Result<pid_t> start(std::string command, const std::string& nonce, int input, int output) {
  const Environment environment("KEYSTONE_NONCE=" + nonce);
  std::string shell = "/bin/sh";
  std::string option = "-c";
  const std::array<char*, 4> words = {shell.data(), option.data(), command.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = -1;
  errno = ::posix_spawn(&child, shell.c_str(), &actions, nullptr, words.data(), environment.get());
  ::posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) {
    return cannot("started");
  }
  return child;
}

// What comes out of a pipe until its end, or one byte more than `most`.
std::vector<std::uint8_t> read_all(int pipe, std::size_t most) {
  std::vector<std::uint8_t> bytes;
  std::array<std::uint8_t, 4096> part{};
  while (bytes.size() <= most) {
    const ssize_t count = ::read(pipe, part.data(), part.size());
    if (count > 0) {
      bytes.insert(bytes.end(), part.begin(), part.begin() + count);
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  return bytes;
}

Status wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return cannot("waited for");
    }
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return {};
  }
  return fail(ErrorCode::unreadable,
              "the evidence command: " +
                  (WIFSIGNALED(status)
                       ? "ended by signal " + std::to_string(WTERMSIG(status))
                       : "got the exit code " + std::to_string(WEXITSTATUS(status)) + ", want 0"));
}

Result<std::vector<std::uint8_t>> output_of(const std::string& command, ByteView nonce) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return cannot("given its output");
  }
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const std::string spelt = hex::encode(nonce);
  KEYSTONE_TRY(const auto input, file_of(spelt + "\n"));
  KEYSTONE_TRY(const auto child, start(command, spelt, input.get(), writing.get()));
  (void)writing.close();
  auto bytes = read_all(reading.get(), kMaxReportFile);
  const bool is_too_long = bytes.size() > kMaxReportFile;
  if (is_too_long) {
    (void)::kill(child, SIGKILL);
  }
  const auto ended = wait_for(child);
  if (is_too_long) {
    return fail(ErrorCode::limit_exceeded,
                "the evidence command: got more than " + std::to_string(kMaxReportFile) + " bytes");
  }
  KEYSTONE_CHECK_OK(ended);
  return bytes;
}

struct Gather {
  ByteView nonce;
  const Console& console;

  Result<Report> operator()(const EvidenceFile& file) const { return read_report({file.path, {}}); }
  Result<Report> operator()(const EvidenceCommand& command) const {
    KEYSTONE_TRY(const auto bytes, output_of(command.text, nonce));
    auto report = Report::parse(bytes);
    return report ? std::move(report)
                  : Result<Report>(fail(report.error().within("the evidence command")));
  }
  Result<Report> operator()(const EmulatedAttester& attester) const {
    return attester(nonce, console);
  }
};

}  // namespace

Result<Report> gather_evidence(const EvidenceSource& source, ByteView nonce,
                               const Console& console) {
  return std::visit(Gather{nonce, console}, source);
}

}  // namespace keystone::cli::attest
