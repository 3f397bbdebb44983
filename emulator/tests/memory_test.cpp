// SPDX-License-Identifier: Apache-2.0
// A program of its own, of which the memory is watched. Not built with sanitizers, which take
// memory of their own.
#include "support.hpp"

#include <fstream>
#include <string>

namespace keystone {
namespace {

using namespace keystone::testing;

// What this process has of the machine's memory, in KiB.
std::uint64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) {
      return std::stoull(line.substr(6));
    }
  }
  throw std::runtime_error("/proc/self/status says nothing of VmRSS");
}

TEST(Memory, StaysAsItIsOverAMillionReports) {
  Machine machine;
  create_enclave(machine.monitor);
  Bytes nonce = noise(32, 1);
  const auto attest = [&](std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      nonce[i % nonce.size()] ^= static_cast<std::uint8_t>(i);
      ASSERT_TRUE(machine.monitor.attest(0, nonce).has_value());
    }
  };
  const auto attest_in_memory = [&](std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_TRUE(
          machine.monitor
              .attest_in_memory(0, enclave_arguments().epm_base, enclave_arguments().utm_base, 32)
              .has_value());
    }
  };
  attest(1000);
  attest_in_memory(1000);
  const std::uint64_t before = resident_kib();
  attest(1'000'000);
  attest_in_memory(10'000);
  EXPECT_LE(resident_kib(), before + 256);
}

TEST(Memory, StaysAsItIsOverManyEnclaves) {
  Machine machine;
  const CreateArguments arguments = enclave_arguments();
  const Bytes pages = noise(0x3000, 1);
  const auto live_and_die = [&](int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(machine.memory.write(arguments.epm_base, pages));
      ASSERT_EQ(create_code(machine.monitor, arguments), SmCode::success);
      ASSERT_EQ(machine.monitor.destroy(0), SmCode::success);
    }
  };
  live_and_die(200);
  EXPECT_EQ(machine.memory.held_bytes(), 0U);
  const std::uint64_t before = resident_kib();
  live_and_die(2000);
  EXPECT_LE(resident_kib(), before + 256);
}

}  // namespace
}  // namespace keystone
