// SPDX-License-Identifier: Apache-2.0
#include "daemon.hpp"

#include "keystone/base/descriptor.hpp"
#include "site.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keystone::bench {
namespace {

// Where the daemon has its store, without a word about it in the configuration.
constexpr const char* kStore = "store.sqlite3";
constexpr const char* kConfig = R"({"schema": "keystone.attestd-config/1",
  "sessions": {"lifetime_s": 3300, "max_open": 100000000},
  "rates": {"address": {"per_second": 0}}})";

// Becomes the daemon. Its log goes nowhere.
[[noreturn]] void become(const std::string& program, const testing::TemporaryFolder& folder,
                         const std::string& config, int output) {
  const Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  (void)::dup2(output, STDOUT_FILENO);
  (void)::dup2(nowhere.get(), STDERR_FILENO);
  (void)::execl(program.c_str(), program.c_str(), "--state", folder.path().c_str(), "--listen",
                "127.0.0.1:0", "--config", config.c_str(), nullptr);
  ::_exit(1);
}

std::string read_line(int descriptor) {
  std::string line;
  char byte = 0;
  while (::read(descriptor, &byte, 1) == 1 && byte != '\n') {
    line += byte;
  }
  return line;
}

}  // namespace

Daemon::Daemon(const std::string& program) {
  put_policy(*open_store(folder_ / kStore));
  const std::string config = folder_.put("attestd.json", kConfig);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0 || (process_ = ::fork()) < 0) {
    throw std::runtime_error("no process for " + program);
  }
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  if (process_ == 0) {
    become(program, folder_, config, writing.get());
  }
  (void)writing.close();
  unsigned port = 0;
  if (std::sscanf(read_line(reading.get()).c_str(), "listening on http://127.0.0.1:%u", &port) !=
      1) {
    throw std::runtime_error(program + ": does not listen");
  }
  port_ = static_cast<std::uint16_t>(port);
}

Daemon::~Daemon() {
  (void)::kill(process_, SIGTERM);
  (void)::waitpid(process_, nullptr, 0);
}

double Daemon::resident() const {
  constexpr double kKiBInMiB = 1024;
  constexpr std::string_view kName = "VmRSS:";
  std::ifstream status("/proc/" + std::to_string(process_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, kName.size(), kName) == 0) {
      return std::stod(line.substr(kName.size())) / kKiBInMiB;
    }
  }
  throw std::runtime_error("status: got none of the daemon");
}

}  // namespace keystone::bench
