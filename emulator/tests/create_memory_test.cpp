// SPDX-License-Identifier: Apache-2.0
// What a create call does to memory, and what it cannot do.
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::uint8_t kMark = 0xaa;

// A machine of which the whole untrusted memory of enclave 0 is marked.
Machine& mark_untrusted(Machine& machine) {
  const CreateArguments arguments = enclave_arguments();
  EXPECT_TRUE(machine.memory.write(arguments.utm_base, Bytes(arguments.utm_size, kMark)));
  return machine;
}

Bytes untrusted(const Machine& machine) {
  return read_memory(machine.memory, enclave_arguments().utm_base, 0x2000);
}

TEST(CreateMemory, ClearsTheUntrustedMemoryAndNothingElse) {
  Machine machine;
  mark_untrusted(machine);
  const CreateArguments arguments = enclave_arguments();
  const Bytes before = noise(0x1000, 1);
  ASSERT_TRUE(machine.memory.write(arguments.utm_base - 0x1000, before));
  ASSERT_TRUE(machine.memory.write(arguments.utm_base + 0x2000, before));
  ASSERT_TRUE(machine.memory.write(arguments.epm_base, before));
  create_enclave(machine.monitor);
  EXPECT_EQ(untrusted(machine), Bytes(0x2000));
  EXPECT_EQ(read_memory(machine.memory, arguments.utm_base - 0x1000, 0x1000), before);
  EXPECT_EQ(read_memory(machine.memory, arguments.utm_base + 0x2000, 0x1000), before);
  EXPECT_EQ(read_memory(machine.memory, arguments.epm_base, 0x1000), before);
}

TEST(CreateMemory, LeavesTheUntrustedMemoryOfEnclavesThatItRefuses) {
  Machine machine;
  mark_untrusted(machine);
  CreateArguments arguments = enclave_arguments();
  arguments.epm_size = 0;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::illegal_argument);
  arguments = enclave_arguments();
  arguments.epm_size += 1;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::pmp_failure);
  EXPECT_EQ(untrusted(machine), Bytes(0x2000, kMark));
}

TEST(CreateMemory, IsTheSameHashWhateverTheUntrustedMemoryHeld) {
  Machine clean;
  Machine marked;
  mark_untrusted(marked);
  EXPECT_EQ(clean.monitor.create(enclave_arguments())->hash,
            marked.monitor.create(enclave_arguments())->hash);
}

TEST(CreateMemory, FailsWhereThereIsNoMemory) {
  constexpr std::uint64_t kBeyond = kRamBase + kRamSize;
  Machine machine;
  CreateArguments arguments = enclave_arguments();
  arguments.utm_base = kBeyond;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::malformed, "0xc0000000"));
  arguments = enclave_arguments();
  arguments.epm_base = arguments.runtime_base = arguments.user_base = arguments.free_base =
      kBeyond - 0x8000;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::malformed, "0xc0000000"));
  EXPECT_EQ(machine.monitor.destroy(0), SmCode::not_destroyable);
  arguments.epm_size = 0x8000;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::success);
}

// The last step of a region that is not aligned reads behind the private memory.
TEST(CreateMemory, FailsWhereAStepLeavesTheMemory) {
  Machine machine;
  CreateArguments arguments = enclave_arguments();
  arguments.epm_base = arguments.runtime_base = kRamBase + kRamSize - 0x4000;
  arguments.epm_size = 0x4000;
  arguments.user_base = arguments.epm_base + 0x10;
  arguments.free_base = arguments.epm_base + 0x4000;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::malformed, "0xc0000000"));
  EXPECT_EQ(machine.monitor.destroy(0), SmCode::not_destroyable);
  arguments.user_base = arguments.epm_base + 0x1000;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::success);
}

TEST(CreateMemory, HashesNoMoreThanTheLimit) {
  Machine machine({.max_pages = 5});
  CreateArguments arguments = enclave_arguments();
  arguments.free_base = arguments.epm_base + 0x5000;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::success);
  ASSERT_EQ(machine.monitor.destroy(0), SmCode::success);
  arguments.free_base += 1;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::limit_exceeded, "got 6"));
  // As many bytes in more steps.
  arguments.free_base -= 1;
  arguments.runtime_base += 1;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::limit_exceeded, "got 6"));
}

// An exbibyte of zeros costs neither memory nor time.
TEST(CreateMemory, RefusesAHugeEnclaveAtOnce) {
  Machine machine;
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 60U;
  ASSERT_TRUE(machine.memory.add(kHuge, kHuge));
  CreateArguments arguments = enclave_arguments();
  arguments.epm_base = arguments.runtime_base = arguments.user_base = kHuge;
  arguments.epm_size = kHuge;
  arguments.free_base = kHuge + kHuge;
  EXPECT_TRUE(fails_with(machine.monitor.create(arguments), ErrorCode::limit_exceeded));
  arguments.free_base = kHuge;
  EXPECT_EQ(create_code(machine.monitor, arguments), SmCode::success);
  EXPECT_EQ(machine.monitor.destroy(0), SmCode::success);
  EXPECT_EQ(machine.memory.held_bytes(), 0U);
}

TEST(CreateMemory, TakesNoNumbersThatAWordCannotHold) {
  for (std::uint64_t CreateArguments::*const field :
       {&CreateArguments::epm_base, &CreateArguments::epm_size, &CreateArguments::utm_base,
        &CreateArguments::utm_size, &CreateArguments::runtime_base, &CreateArguments::user_base,
        &CreateArguments::free_base, &CreateArguments::runtime_entry, &CreateArguments::user_entry,
        &CreateArguments::untrusted_ptr, &CreateArguments::untrusted_size}) {
    CreateArguments arguments = enclave_arguments();
    arguments.*field |= std::uint64_t{1} << 32U;
    Machine rv32({.word = Word::bits32});
    EXPECT_TRUE(fails_with(rv32.monitor.create(arguments), ErrorCode::usage, "32 bits"));
    EXPECT_EQ(create_code(rv32.monitor, enclave_arguments()), SmCode::success);
  }
}

TEST(CreateMemory, DestroyZeroesThePrivateMemoryAndNothingElse) {
  Machine machine;
  const CreateArguments arguments = enclave_arguments();
  const Bytes content = noise(0x12000, 1);
  ASSERT_TRUE(machine.memory.write(arguments.epm_base - 0x1000, content));
  const EnclaveId id = create_enclave(machine.monitor);
  ASSERT_TRUE(machine.memory.write(arguments.utm_base, Bytes(0x2000, kMark)));
  EXPECT_EQ(machine.monitor.destroy(id), SmCode::success);
  EXPECT_EQ(read_memory(machine.memory, arguments.epm_base, 0x10000), Bytes(0x10000));
  EXPECT_EQ(read_memory(machine.memory, arguments.epm_base - 0x1000, 0x1000),
            Bytes(content.begin(), content.begin() + 0x1000));
  EXPECT_EQ(read_memory(machine.memory, arguments.epm_base + 0x10000, 0x1000),
            Bytes(content.begin() + 0x11000, content.end()));
  EXPECT_EQ(untrusted(machine), Bytes(0x2000, kMark));
}

TEST(CreateMemory, ARefusedDestroyZeroesNothing) {
  Machine machine;
  const CreateArguments arguments = enclave_arguments();
  const Bytes content = noise(0x1000, 1);
  ASSERT_TRUE(machine.memory.write(arguments.epm_base, content));
  const EnclaveId id = create_enclave(machine.monitor);
  ASSERT_EQ(machine.monitor.run(id), SmCode::success);
  EXPECT_EQ(machine.monitor.destroy(id), SmCode::not_destroyable);
  EXPECT_EQ(read_memory(machine.memory, arguments.epm_base, 0x1000), content);
}

}  // namespace
}  // namespace keystone
