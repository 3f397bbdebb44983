// SPDX-License-Identifier: Apache-2.0
// Which create calls are refused, with which code, and in which order that is found out.
#include "support.hpp"

#include <functional>
#include <utility>

namespace keystone {
namespace {

using namespace keystone::testing;

// An enclave with its private memory there.
CreateArguments private_at(std::uint64_t base, std::uint64_t size = 0x10000) {
  CreateArguments arguments = enclave_arguments();
  arguments.epm_base = base;
  arguments.epm_size = size;
  arguments.runtime_base = arguments.user_base = arguments.free_base = base;
  return arguments;
}

CreateArguments untrusted_at(std::uint64_t base, std::uint64_t size = 0x2000) {
  CreateArguments arguments = enclave_arguments();
  arguments.utm_base = base;
  arguments.utm_size = size;
  return arguments;
}

SmCode code_of(const CreateArguments& arguments, const SecurityMonitor::Options& options = {}) {
  Machine machine(options);
  return create_code(machine.monitor, arguments);
}

using Change = std::pair<const char*, std::function<void(CreateArguments&)>>;

void expect_each(const std::vector<Change>& changes, SmCode code) {
  for (const auto& [what, change] : changes) {
    CreateArguments arguments = enclave_arguments();
    change(arguments);
    EXPECT_EQ(code_of(arguments), code) << what;
  }
}

TEST(Create, MeasuresTheThreeRegions) {
  for (const Word word : {Word::bits64, Word::bits32}) {
    Machine machine({.word = word});
    const CreateArguments arguments = enclave_arguments();
    const Bytes pages = noise(0x3000, 1);
    ASSERT_TRUE(machine.memory.write(arguments.epm_base, pages));
    const auto created = machine.monitor.create(arguments);
    ASSERT_TRUE(created && created->hash);
    EXPECT_EQ(created->code, SmCode::success);
    EXPECT_EQ(created->id, 0U);
    Bytes stream;
    for (int i = 0; i < 3; ++i) {
      append(stream, le(0x1000, size_of(word)));
    }
    append(stream, pages);
    EXPECT_EQ(created->hash->hex(), second_sha3_512(stream));
  }
}

TEST(Create, RefusesRegionsThatAreEmptyOrWrap) {
  EXPECT_EQ(code_of(private_at(0x90000000, 0)), SmCode::illegal_argument);
  EXPECT_EQ(code_of(private_at(0x90000000, UINT64_MAX)), SmCode::illegal_argument);
  EXPECT_EQ(code_of(private_at(0x90000000, 0xffffffff70000000)), SmCode::illegal_argument);
  EXPECT_EQ(code_of(untrusted_at(0x88000000, 0)), SmCode::illegal_argument);
  EXPECT_EQ(code_of(untrusted_at(0x88000000, UINT64_MAX)), SmCode::illegal_argument);
  EXPECT_EQ(code_of(untrusted_at(0xfffffffffffff000, 0x1000)), SmCode::illegal_argument);
}

TEST(Create, RefusesRegionsThatWrapInWordsOf32Bits) {
  const SecurityMonitor::Options rv32 = {.word = Word::bits32};
  EXPECT_EQ(code_of(private_at(0xffff0000, 0x10000), rv32), SmCode::illegal_argument);
  EXPECT_EQ(code_of(untrusted_at(0xffffe000, 0x2000), rv32), SmCode::illegal_argument);
  Machine machine(rv32);
  ASSERT_TRUE(machine.memory.add(0xf0000000, 0xffff000));
  EXPECT_EQ(create_code(machine.monitor, private_at(0xfffe0000, 0x1f000)), SmCode::success);
}

TEST(Create, RefusesBoundariesOutsideThePrivateMemoryOrInAnotherOrder) {
  expect_each(
      {
          {"runtime below", [](CreateArguments& a) { a.runtime_base = a.epm_base - 1; }},
          {"runtime at the end",
           [](CreateArguments& a) {
             a.runtime_base = a.user_base = a.free_base = a.epm_base + a.epm_size;
           }},
          {"user at the end",
           [](CreateArguments& a) { a.user_base = a.free_base = a.epm_base + a.epm_size; }},
          {"free above the end",
           [](CreateArguments& a) { a.free_base = a.epm_base + a.epm_size + 1; }},
          {"free below", [](CreateArguments& a) { a.free_base = a.epm_base - 1; }},
          {"runtime above user", [](CreateArguments& a) { a.runtime_base = a.user_base + 1; }},
          {"user above free", [](CreateArguments& a) { a.user_base = a.free_base + 1; }},
      },
      SmCode::illegal_argument);
}

TEST(Create, AcceptsBoundariesAtTheEdges) {
  expect_each(
      {
          {"free at the end", [](CreateArguments& a) { a.free_base = a.epm_base + a.epm_size; }},
          {"all at the start",
           [](CreateArguments& a) { a.runtime_base = a.user_base = a.free_base = a.epm_base; }},
          {"all in the last byte",
           [](CreateArguments& a) {
             a.runtime_base = a.user_base = a.epm_base + a.epm_size - 1;
             a.free_base = a.user_base + 1;
           }},
          {"not aligned",
           [](CreateArguments& a) {
             a.runtime_base += 1;
             a.user_base -= 1;
             a.free_base += 7;
           }},
      },
      SmCode::success);
}

TEST(Create, RefusesRegionsThatMeetTheMonitor) {
  EXPECT_EQ(code_of(private_at(0x801ff000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(private_at(0x80100000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(private_at(0x80000000, 0x400000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(private_at(0x80200000)), SmCode::success);
  EXPECT_EQ(code_of(untrusted_at(0x801fe000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x80000000, 0x800000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x80200000)), SmCode::success);
}

TEST(Create, RefusesRegionsThatMeetAMonitorElsewhere) {
  const SecurityMonitor::Options elsewhere = {.own_base = 0x90008000, .own_size = 0x1000};
  EXPECT_EQ(code_of(enclave_arguments(), elsewhere), SmCode::pmp_failure);
  EXPECT_EQ(code_of(private_at(0x80000000), elsewhere), SmCode::success);
  const SecurityMonitor::Options nowhere = {.own_base = 0x90008000, .own_size = 0};
  EXPECT_EQ(code_of(enclave_arguments(), nowhere), SmCode::success);
}

TEST(Create, RefusesRegionsThatMeetEachOther) {
  const std::uint64_t base = enclave_arguments().epm_base;
  EXPECT_EQ(code_of(untrusted_at(base)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(base + 0xe000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(base, 0x100000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(base - 0x2000)), SmCode::success);
  EXPECT_EQ(code_of(untrusted_at(base + 0x10000)), SmCode::success);
}

TEST(Create, RefusesRegionsThatMeetAnotherEnclave) {
  Machine machine;
  const CreateArguments first = enclave_arguments(0);
  create_enclave(machine.monitor, 0);
  CreateArguments second = enclave_arguments(1);
  second.utm_base = first.utm_base;
  EXPECT_EQ(create_code(machine.monitor, second), SmCode::pmp_failure);
  second.utm_base = first.epm_base + 0xe000;
  EXPECT_EQ(create_code(machine.monitor, second), SmCode::pmp_failure);
  second = private_at(first.epm_base + 0xf000);
  second.utm_base = enclave_arguments(1).utm_base;
  EXPECT_EQ(create_code(machine.monitor, second), SmCode::pmp_failure);
  second = private_at(first.utm_base - 0xf000);
  second.utm_base = enclave_arguments(1).utm_base;
  EXPECT_EQ(create_code(machine.monitor, second), SmCode::pmp_failure);
  EXPECT_EQ(machine.monitor.destroy(0), SmCode::success);
  EXPECT_EQ(create_code(machine.monitor, second), SmCode::success);
}

TEST(Create, RefusesWhatAProtectionRegisterCannotHold) {
  EXPECT_EQ(code_of(private_at(0x90000800)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(private_at(0x90000000, 0x10001)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x88000800)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x88000000, 0x800)), SmCode::pmp_failure);
  // Private memory may be any whole pages; untrusted memory has the one register left.
  EXPECT_EQ(code_of(private_at(0x90001000, 0x7000)), SmCode::success);
  EXPECT_EQ(code_of(untrusted_at(0x88000000, 0x3000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x88001000, 0x2000)), SmCode::pmp_failure);
  EXPECT_EQ(code_of(untrusted_at(0x88001000, 0x1000)), SmCode::success);
}

TEST(Create, RefusesTheSeventeenthEnclave) {
  Machine machine;
  for (std::uint64_t number = 0; number < SecurityMonitor::kMaxEnclaves; ++number) {
    EXPECT_EQ(create_enclave(machine.monitor, number), number);
  }
  EXPECT_EQ(create_code(machine.monitor, enclave_arguments(16)), SmCode::no_free_resource);
  // Arguments are looked at before that, regions after.
  EXPECT_EQ(create_code(machine.monitor, private_at(0x90000000, 0)), SmCode::illegal_argument);
  EXPECT_EQ(create_code(machine.monitor, private_at(0x80000000)), SmCode::no_free_resource);
  // Whose slot is free again, and no other, is taken.
  ASSERT_EQ(machine.monitor.destroy(5), SmCode::success);
  ASSERT_EQ(machine.monitor.destroy(11), SmCode::success);
  EXPECT_EQ(create_enclave(machine.monitor, 16), 5U);
  EXPECT_EQ(create_enclave(machine.monitor, 17), 11U);
  EXPECT_EQ(create_code(machine.monitor, enclave_arguments(18)), SmCode::no_free_resource);
}

TEST(Create, TakesNoSlotWhenItRefuses) {
  Machine machine;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(create_code(machine.monitor, private_at(0x80000000)), SmCode::pmp_failure);
  }
  EXPECT_EQ(create_enclave(machine.monitor), 0U);
}

}  // namespace
}  // namespace keystone
