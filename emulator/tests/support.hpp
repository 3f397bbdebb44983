// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/security_monitor.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/vectors.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

// What the tests of this part share.
namespace keystone::testing {

// The memory of every machine here, of which the monitor has the first 2 MiB.
inline constexpr std::uint64_t kRamBase = 0x80000000;
inline constexpr std::uint64_t kRamSize = 0x40000000;

// Bytes that differ from place to place and from seed to seed.
[[nodiscard]] Bytes noise(std::size_t size, std::uint8_t seed);

// A device key that is not published anywhere but here.
[[nodiscard]] DeviceKey device_key(std::uint8_t seed = 7);

// A monitor that was booted from a firmware of that hash, all bytes alike.
[[nodiscard]] BootedSm booted(BootRom boot_rom = BootRom::sound, std::uint8_t sm_hash = 3);

// A monitor over memory of its own.
struct Machine {
  explicit Machine(const SecurityMonitor::Options& options = {}, BootRom boot_rom = BootRom::sound);

  PhysicalMemory memory;
  SecurityMonitor monitor;
};

// What a host says of its enclave `number`: private memory of 16 pages, of which the first three
// are the loader's, the runtime's and the eapp's; two pages of untrusted memory.
[[nodiscard]] CreateArguments enclave_arguments(std::uint64_t number = 0);

// The code of the create call; fails the test, with 1, if the call has an Error.
[[nodiscard]] SmCode create_code(SecurityMonitor& monitor, const CreateArguments& arguments);

// Creates enclave `number`, which must be possible.
EnclaveId create_enclave(SecurityMonitor& monitor, std::uint64_t number = 0);

[[nodiscard]] Bytes read_memory(const PhysicalMemory& memory, std::uint64_t address,
                                std::size_t size);

// `value` as that many little-endian bytes.
[[nodiscard]] Bytes le(std::uint64_t value, std::size_t size);

void append(Bytes& bytes, const Bytes& more);

// SHA3-512 of Crypto++, as hex.
[[nodiscard]] std::string second_sha3_512(const Bytes& bytes);

}  // namespace keystone::testing
