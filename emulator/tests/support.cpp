// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include <cryptopp/sha3.h>

namespace keystone::testing {

Bytes noise(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  std::uint32_t state = seed;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return bytes;
}

DeviceKey device_key(std::uint8_t seed) {
  return DeviceKey::from_seed(std::array<std::uint8_t, 32>{seed, 1, 2, 3}).value();
}

BootedSm booted(BootRom boot_rom, std::uint8_t sm_hash) {
  std::array<std::uint8_t, SmHash::kSize> bytes{};
  bytes.fill(sm_hash);
  return boot(device_key(), SmHash(bytes), boot_rom).value();
}

Machine::Machine(const SecurityMonitor::Options& options, BootRom boot_rom)
    : monitor(booted(boot_rom), memory, options) {
  EXPECT_TRUE(memory.add(kRamBase, kRamSize));
}

CreateArguments enclave_arguments(std::uint64_t number) {
  CreateArguments arguments{};
  arguments.epm_base = 0x90000000 + number * 0x100000;
  arguments.epm_size = 0x10000;
  arguments.utm_base = 0x88000000 + number * 0x10000;
  arguments.utm_size = 0x2000;
  arguments.runtime_base = arguments.epm_base + 0x1000;
  arguments.user_base = arguments.epm_base + 0x2000;
  arguments.free_base = arguments.epm_base + 0x3000;
  return arguments;
}

SmCode create_code(SecurityMonitor& monitor, const CreateArguments& arguments) {
  const auto created = monitor.create(arguments);
  if (!created) {
    ADD_FAILURE() << created.error().message;
    return SmCode{1};
  }
  EXPECT_EQ(created->hash.has_value(), created->code == SmCode::success);
  return created->code;
}

EnclaveId create_enclave(SecurityMonitor& monitor, std::uint64_t number) {
  const auto created = monitor.create(enclave_arguments(number)).value();
  EXPECT_EQ(created.code, SmCode::success);
  return created.id;
}

Bytes read_memory(const PhysicalMemory& memory, std::uint64_t address, std::size_t size) {
  Bytes bytes(size);
  EXPECT_TRUE(memory.read(address, bytes));
  return bytes;
}

Bytes le(std::uint64_t value, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  return bytes;
}

void append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

std::string second_sha3_512(const Bytes& bytes) {
  std::array<std::uint8_t, 64> digest{};
  CryptoPP::SHA3_512().CalculateDigest(digest.data(), bytes.data(), bytes.size());
  return hex::encode(digest);
}

}  // namespace keystone::testing
