// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/device.hpp"
#include "keystone/emulator/enclave_loader.hpp"
#include "support.hpp"

#include <array>
#include <optional>
#include <string>

// Enclaves of every profile, from their files to a report.
namespace keystone::testing {

// The files of an enclave, and others with which it is another enclave: names in test-vectors/.
struct Program {
  Profile profile;
  std::string eapp;
  std::string runtime;
  std::string loader;  // empty for profiles that have none
  std::string other_eapp;
  std::string other_runtime;
};

// One for each profile.
[[nodiscard]] const std::array<Program, 8>& programs();

// What one attestation depends on. Tests change one thing.
struct Attestation {
  Program program;
  std::uint8_t device = 7;
  std::string platform = "generic";
  std::optional<BootRom> boot_rom = BootRom::sound;
  Bytes firmware = read_vector_file("bundled/rv64/firmware.bin");
  Bytes data = noise(32, 9);
};

struct Attested {
  SmIdentity identity;
  EnclaveHash expected_hash;  // as measure() has it, without a monitor
  Report report;
};

// Lays the files out, boots a device, loads, creates and runs the enclave, and attests.
[[nodiscard]] Attested attest(const Attestation& attestation);

}  // namespace keystone::testing
