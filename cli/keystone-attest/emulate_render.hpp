// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_machine.hpp"

#include <string>

// Answers of the commands of `emulate` as text. Every function here is a pure one, and none says
// anything secret that is not asked for by name.
namespace keystone::cli::attest {

// The public key on a line; with the secret key, that on the next.
[[nodiscard]] std::string show_key(const DeviceKey& key, bool with_secret_key);
[[nodiscard]] std::string show_key_json(const DeviceKey& key, bool with_secret_key);

[[nodiscard]] std::string show_device(const DeviceRequest& request, const Device& device);
[[nodiscard]] std::string show_device_json(const DeviceRequest& request, const Device& device);

// A sealing key, which is secret, and the monitor's signature of it.
[[nodiscard]] std::string show_sealed(const SecurityMonitor::Sealed& sealed);
[[nodiscard]] std::string show_sealed_json(const EnclaveHash& enclave, ByteView ident,
                                           const SecurityMonitor::Sealed& sealed);

// A line for each call; and {"schema": "keystone.emulation/1", ...}.
[[nodiscard]] std::string show_answers(const ScriptAnswers& answers);
[[nodiscard]] std::string show_answers_json(const ScriptAnswers& answers);

}  // namespace keystone::cli::attest
