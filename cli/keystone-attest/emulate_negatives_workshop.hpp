// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/device.hpp"
#include "keystone/verifier/policy.hpp"

#include <array>
#include <cstdint>
#include <vector>

// What the evidence of `emulate negatives` is made with: devices, firmware and enclaves that exist
// nowhere else, all from one seed. Nothing of it is secret.
namespace keystone::cli::attest {

inline constexpr std::size_t kNegativesSeedSize = 32;  // bytes
using NegativesSeed = std::array<std::uint8_t, kNegativesSeedSize>;

// Everything that a good report and its policy come from, and what takes its place in others. Fails
// as the calls of the emulator: with `internal`, when the hash function cannot run.
struct Workshop {
  DeviceKey device;
  DeviceKey other_device;    // nobody registered it
  DeviceKey revoked_device;  // the registry says so
  DeviceKey test_device;     // Keystone's published one
  SecretKey forger;          // of no device and no monitor
  std::uint64_t tail_seed;   // of bytes that nobody signed

  SmHash sm_hash;
  SmHash other_sm_hash;
  std::vector<std::uint8_t> enclave;  // what the enclave's application is, a page at most
  std::vector<std::uint8_t> other_enclave;
  std::vector<std::uint8_t> nonce;        // what the challenge asks for
  std::vector<std::uint8_t> other_nonce;  // of a challenge before

  [[nodiscard]] static Result<Workshop> open(const NegativesSeed& seed);
};

// What one report comes from. The workshop must outlive it.
struct Scene {
  const DeviceKey* device;
  BootRom boot_rom;
  SmHash sm_hash;
  std::vector<std::uint8_t> enclave;
  std::vector<std::uint8_t> data;

  // The one that the policy and the challenge are about.
  [[nodiscard]] static Scene good(const Workshop& workshop);
};

// The monitor of the scene, booted: for who needs its key.
[[nodiscard]] Result<BootedSm> boot(const Scene& scene);

// Boots the device, creates the enclave, runs it and has it attest. The report is fixed.
[[nodiscard]] Result<Report> attest(const Scene& scene);

// The report's fields, to be changed and put together again.
[[nodiscard]] ReportFields fields_of(const Report& report);

// Sign what the fields say now.
[[nodiscard]] Status sign_as_sm(ReportFields& fields, const SecretKey& key);
[[nodiscard]] Status sign_as_device(ReportFields& fields, const SecretKey& key);

// A policy that accepts `good` alone, and knows the revoked device for what it is.
[[nodiscard]] Policy policy_for(const Workshop& workshop, const Report& good);

}  // namespace keystone::cli::attest
