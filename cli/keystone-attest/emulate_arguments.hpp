// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate.hpp"
#include "keystone-attest/emulate_enclave.hpp"
#include "keystone-attest/emulate_negatives.hpp"
#include "keystone-attest/emulate_serve.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

// What the commands of `emulate` are told, read once and checked.
namespace keystone::cli::attest {

struct KeygenCommand {
  CommonArguments common;  // `output` is the key file
  SecretBytes seed;        // of 32 bytes; empty: random ones
  bool print_secret_keys;
};

struct BootCommand {
  CommonArguments common;
  DeviceRequest device;
};

struct AttestCommand {
  CommonArguments common;
  DeviceRequest device;
  EnclaveRequest enclave;
  std::vector<std::uint8_t> data;
  ReportFormat format;
  std::optional<std::uint64_t> dirty_tail;  // with ReportFormat::fixed
};

struct SealCommand {
  CommonArguments common;
  DeviceRequest device;
  EnclaveRequest enclave;
  std::vector<std::uint8_t> ident;
};

struct RunScriptCommand {
  CommonArguments common;
  std::string script;
  DeviceRequest device;  // what the script leaves open
  bool print_secret_keys;
};

struct NegativesCommand {
  CommonArguments common;
  std::string folder;
  NegativesSeed seed;
};

using EmulateTask = std::variant<KeygenCommand, BootCommand, AttestCommand, SealCommand,
                                 RunScriptCommand, ServeCommand, NegativesCommand>;

// The options of a device, and those of an enclave; `usage`, naming the option.
[[nodiscard]] Result<DeviceRequest> device_options(const EmulateSpelling& spelt);
[[nodiscard]] Result<EnclaveRequest> enclave_options(const EmulateSpelling& spelt);

// `usage` if several of the files are standard input.
[[nodiscard]] Status check_stdin(const DeviceRequest& device, const EnclaveRequest& enclave);

// The boot ROM that a word names, `upstream` or `sound`; `usage`, naming `field`, for any other.
[[nodiscard]] Result<BootRom> parse_boot_rom(std::string_view field, std::string_view word);

// The command of that name, `emulate boot` for example. Fails with `usage`.
[[nodiscard]] Result<EmulateTask> read_emulate(const std::string& name,
                                               const CommonArguments& common,
                                               const EmulateSpelling& spelt);

}  // namespace keystone::cli::attest
