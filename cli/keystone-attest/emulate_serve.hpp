// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate.hpp"
#include "keystone-attest/emulate_enclave.hpp"
#include "keystone-attest/emulate_serve_address.hpp"
#include "keystone-attest/emulate_serve_loop.hpp"

// `emulate serve`: an emulated enclave that answers over TCP.
namespace keystone::cli::attest {

struct ServeCommand {
  CommonArguments common;
  DeviceRequest device;
  EnclaveRequest enclave;
  TcpAddress listen;
  ConversationKind kind;
  ServeLimits limits;
};

// Its options. Fails with `usage`; so it does for an address that others reach, unless that is
// allowed.
[[nodiscard]] Result<ServeCommand> read_serve(const CommonArguments& common,
                                              const EmulateSpelling& spelt);

// The line, or with --json the object on a line, that says where it listens.
[[nodiscard]] std::string show_listening(const TcpAddress& address, const ServeCommand& command);

// Starts the enclave, prints where it listens, and serves until SIGINT or SIGTERM, which stay
// blocked, or until all reports were given. Fails as EmulatedEnclave does, with `usage` for a
// monitor that does not attest, and with `unwritable` if it cannot listen.
[[nodiscard]] Status serve(const ServeCommand& command, const Console& console);

}  // namespace keystone::cli::attest
