// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve.hpp"

#include "common/answer.hpp"
#include "common/json_text.hpp"
#include "keystone-attest/emulate_arguments.hpp"
#include "keystone-attest/values.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sys/signalfd.h>

namespace keystone::cli::attest {
namespace {

Result<ConversationKind> read_kind(const EmulateSpelling& spelt) {
  KEYSTONE_TRY(const auto protocol, serve_protocol("--protocol", spelt.protocol));
  ConversationKind kind{protocol, spelt.bind};
  if (spelt.bind && protocol == ServeProtocol::raw) {
    return usage("--bind: the protocol raw has no channel to bind");
  }
  if (!spelt.format.empty()) {
    if (protocol != ServeProtocol::raw) {
      return usage("--format: the protocol " + std::string(to_string(protocol)) +
                   " has a form of its own");
    }
    KEYSTONE_TRY(kind.format, report_format("--format", spelt.format));
  }
  return kind;
}

Result<ServeLimits> read_limits(const EmulateSpelling& spelt) {
  ServeLimits limits;
  KEYSTONE_TRY(const auto seconds, number_if_given("--timeout", spelt.timeout, {1, 3600}));
  if (seconds) {
    limits.timeout = std::chrono::seconds(*seconds);
  }
  KEYSTONE_TRY(const auto most,
               number_if_given("--max-connections", spelt.max_connections, {1, 1000}));
  limits.max_connections = most.value_or(limits.max_connections);
  KEYSTONE_TRY(limits.requests, number_if_given("--requests", spelt.requests, {1, UINT64_MAX}));
  return limits;
}

// Readable once somebody wants the process to end. A reader of our notes who went away ends
// nothing.
Result<Descriptor> catch_stop() {
  (void)std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (::sigprocmask(SIG_BLOCK, &signals, nullptr) == 0) {
    Descriptor stop(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (stop.is_open()) {
      return stop;
    }
  }
  return fail(ErrorCode::internal, std::string("signals: ") + std::strerror(errno));
}

}  // namespace

Result<ServeCommand> read_serve(const CommonArguments& common, const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto device, device_options(spelt));
  KEYSTONE_CHECK_OK(check_device(device));
  KEYSTONE_TRY(auto enclave, enclave_options(spelt));
  KEYSTONE_CHECK_OK(check_stdin(device, enclave));
  KEYSTONE_TRY(const auto kind, read_kind(spelt));
  KEYSTONE_TRY(const auto address, TcpAddress::parse("--listen", spelt.listen));
  if (!address.is_loopback() && !spelt.allow_remote) {
    return usage("--listen: got " + address.host + ", want a loopback address",
                 "--allow-remote serves others, too: this is a test tool, and its reports are of "
                 "no device");
  }
  KEYSTONE_TRY(const auto limits, read_limits(spelt));
  return ServeCommand{common, std::move(device), std::move(enclave), address, kind, limits};
}

std::string show_listening(const TcpAddress& address, const ServeCommand& command) {
  if (!command.common.json) {
    return address.text() + "\n";
  }
  return json_text({{"schema", "keystone.listening/1"},
                    {"address", address.host},
                    {"port", address.port},
                    {"protocol", to_string(command.kind.protocol)}},
                   -1);
}

Status serve(const ServeCommand& command, const Console& console) {
  KEYSTONE_TRY(const auto enclave,
               EmulatedEnclave::create(command.device, command.enclave, console));
  // A monitor that does not attest is to be found out now, and not by the clients.
  constexpr std::uint8_t kAnything = 0;
  KEYSTONE_CHECK_OK(enclave->attest({&kAnything, 1}));
  KEYSTONE_TRY(auto listener, listen_at(command.listen));
  KEYSTONE_TRY(const auto address, address_of(listener));
  KEYSTONE_TRY(const auto stop, catch_stop());
  KEYSTONE_CHECK_OK(write_answer("", show_listening(address, command)));
  const auto attest = [&enclave](ByteView data) { return enclave->attest(data); };
  return ServeLoop(std::move(listener), command.kind, attest, command.limits, console).run(stop);
}

}  // namespace keystone::cli::attest
