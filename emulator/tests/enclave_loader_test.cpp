// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/enclave_loader.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/emulator/device.hpp"
#include "keystone/testing/input_spec.hpp"
#include "support.hpp"

#include <algorithm>

namespace keystone {
namespace {

using namespace keystone::testing;

// Three files and the image that is made of them.
struct Files {
  Bytes eapp = noise(5000, 1);
  Bytes runtime = noise(20000, 2);
  Bytes loader = noise(9000, 3);

  [[nodiscard]] Result<CreateArguments> load_into(PhysicalMemory& memory,
                                                  const LoaderPlacement& placement) const {
    const ArraySource eapp_source(eapp);
    const ArraySource runtime_source(runtime);
    const ArraySource loader_source(loader);
    KEYSTONE_TRY(const auto image, lay_out({eapp_source, runtime_source, loader_source},
                                           Profile::keystone_loader_rv64));
    return load_enclave(image, placement, memory);
  }
};

// A file of that size, zero but for its last byte; counts the largest read.
class SparseFile final : public ByteSource {
 public:
  explicit SparseFile(std::uint64_t size) : size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    largest_ = std::max(largest_, out.size());
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    if (offset + out.size() == size_) {
      out.back() = 1;
    }
    return {};
  }
  [[nodiscard]] std::size_t largest() const { return largest_; }

 private:
  std::uint64_t size_;
  mutable std::size_t largest_ = 0;
};

TEST(EnclaveLoader, PutsTheFilesOneBehindTheOther) {
  Machine machine;
  const Files files;
  const auto arguments = files.load_into(machine.memory, {});
  ASSERT_TRUE(arguments.has_value());
  const std::uint64_t base = arguments->epm_base;
  EXPECT_EQ(base, kEnclaveBase);
  EXPECT_EQ(arguments->runtime_base, base + 0x3000);
  EXPECT_EQ(arguments->user_base, base + 0x8000);
  EXPECT_EQ(arguments->free_base, base + 0xa000);
  EXPECT_EQ(read_memory(machine.memory, base, 9000), files.loader);
  EXPECT_EQ(read_memory(machine.memory, base + 9000, 3288), Bytes(3288));
  EXPECT_EQ(read_memory(machine.memory, base + 0x3000, 20000), files.runtime);
  EXPECT_EQ(read_memory(machine.memory, base + 0x8000, 5000), files.eapp);
}

TEST(EnclaveLoader, LeavesAMebibyteOfFreeMemoryInAPowerOfTwo) {
  Machine machine;
  Files files;
  EXPECT_EQ(files.load_into(machine.memory, {})->epm_size, 0x200000U);
  files.eapp = noise(0x1f0000, 1);
  EXPECT_EQ(files.load_into(machine.memory, {})->epm_size, 0x400000U);
}

TEST(EnclaveLoader, WhatLaySomewhereIsGone) {
  Machine machine;
  ASSERT_TRUE(machine.memory.write(kEnclaveBase, Bytes(0x200000, 0xee)));
  ASSERT_TRUE(Files().load_into(machine.memory, {}).has_value());
  EXPECT_EQ(read_memory(machine.memory, kEnclaveBase + 0xa000, 0x1f6000), Bytes(0x1f6000));
  EXPECT_EQ(read_memory(machine.memory, kEnclaveBase + 9000, 3288), Bytes(3288));
}

TEST(EnclaveLoader, TheHashDoesNotDependOnThePlace) {
  const LoaderPlacement elsewhere = {
      .epm_base = 0x80321000, .epm_size = 0xb000, .utm_base = 0xb0000000, .utm_size = 0x1000};
  Machine machine;
  const auto here = Files().load_into(machine.memory, {});
  const auto there = Files().load_into(machine.memory, elsewhere);
  ASSERT_TRUE(here && there);
  EXPECT_EQ(there->epm_size, 0xb000U);
  EXPECT_EQ(there->utm_base, 0xb0000000U);
  EXPECT_EQ(there->utm_size, 0x1000U);
  const auto first = machine.monitor.create(*here);
  const auto second = machine.monitor.create(*there);
  ASSERT_TRUE(first->hash && second->hash);
  EXPECT_EQ(first->hash, second->hash);
}

TEST(EnclaveLoader, RefusesPlacesThatAreNone) {
  Machine machine;
  const Files files;
  const auto code = ErrorCode::usage;
  EXPECT_TRUE(fails_with(files.load_into(machine.memory, {.epm_base = 0x90000001}), code));
  EXPECT_TRUE(fails_with(files.load_into(machine.memory, {.epm_size = 0xa001}), code));
  EXPECT_TRUE(fails_with(files.load_into(machine.memory, {.epm_size = 0x9000}), code, "0xa000"));
  EXPECT_TRUE(fails_with(files.load_into(machine.memory, {.epm_base = UINT64_MAX - 0xfff}), code));
  EXPECT_TRUE(files.load_into(machine.memory, {.epm_size = 0xa000}).has_value());
}

TEST(EnclaveLoader, RefusesPlacesWithoutMemoryAndWritesNothing) {
  Machine machine;
  const auto arguments = Files().load_into(machine.memory, {.epm_base = 0xbfff0000});
  EXPECT_TRUE(fails_with(arguments, ErrorCode::malformed, "0xc0000000"));
  EXPECT_EQ(machine.memory.held_bytes(), 0U);
}

TEST(EnclaveLoader, RefusesMoreThanTheLimitBeforeItReads) {
  Machine machine;
  const SparseFile huge(std::uint64_t{1} << 40U);
  const Bytes small = {1};
  const ArraySource source(small);
  const auto image = lay_out({huge, source, source}, Profile::keystone_loader_rv64);
  ASSERT_TRUE(image.has_value());
  const std::size_t before = huge.largest();
  EXPECT_TRUE(fails_with(load_enclave(*image, {}, machine.memory), ErrorCode::limit_exceeded,
                         "4294967296"));
  EXPECT_EQ(huge.largest(), before);
  EXPECT_TRUE(fails_with(Files().load_into(machine.memory, {.max_memory = 0x9fff}),
                         ErrorCode::limit_exceeded, "40960"));
  EXPECT_TRUE(Files().load_into(machine.memory, {.max_memory = 0xa000}).has_value());
  // A limit that limits nothing does not make sizes wrap.
  LoaderPlacement unlimited;
  unlimited.max_memory = UINT64_MAX;
  EXPECT_TRUE(
      fails_with(load_enclave(*image, unlimited, machine.memory), ErrorCode::malformed, "memory"));
}

TEST(EnclaveLoader, CopiesBigFilesAPieceAtATime) {
  Machine machine;
  const SparseFile big(std::uint64_t{16} << 20U);
  const Bytes small = {1};
  const ArraySource source(small);
  const auto image = lay_out({big, source, source}, Profile::keystone_loader_rv64);
  ASSERT_TRUE(image.has_value());
  const auto arguments = load_enclave(*image, {}, machine.memory);
  ASSERT_TRUE(arguments.has_value()) << arguments.error().message;
  EXPECT_LE(big.largest(), std::size_t{1} << 20U);
  EXPECT_EQ(machine.memory.held_bytes(), 3 * 0x1000U);
  EXPECT_EQ(machine.monitor.create(*arguments)->hash, measure(*image)->hash);
}

class UnreadableFile final : public ByteSource {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 10; }
  [[nodiscard]] Status read_at(std::uint64_t, std::span<std::uint8_t>) const override {
    return fail(ErrorCode::unreadable, "the disk is on fire");
  }
};

TEST(EnclaveLoader, PassesOnThatAFileCannotBeRead) {
  Machine machine;
  const UnreadableFile file;
  RegionMemory memory;
  ASSERT_TRUE(memory.add_bytes(0, file, 0, 10));
  const EnclaveImage image{kDefaultProfile, std::move(memory), {0, 10, 10, 10}, {}, {}};
  EXPECT_TRUE(fails_with(load_enclave(image, {}, machine.memory), ErrorCode::unreadable, "fire"));
}

TEST(PageWalkLoader, PutsTheImageWhereItWasLaidOut) {
  const Bytes eapp = read_vector_file("pagewalk/elf/e_multi");
  const Bytes runtime = read_vector_file("pagewalk/elf/rt_multi");
  const ArraySource eapp_source(eapp);
  const ArraySource runtime_source(runtime);
  const auto image = lay_out(PageWalkInputs{eapp_source, runtime_source}, Profile::keystone_v1,
                             default_parameters(Profile::keystone_v1), page_walk_placement());
  ASSERT_TRUE(image.has_value());
  Machine machine({.scheme = Scheme::page_walk});
  ASSERT_TRUE(machine.memory.write(kEnclaveBase, Bytes(0x200000, 0xee)));
  const auto arguments = load_enclave(*image, machine.memory);
  ASSERT_TRUE(arguments.has_value());
  EXPECT_EQ(arguments->epm_base, kEnclaveBase);
  EXPECT_EQ(arguments->utm_base, kUntrustedBase);
  const auto used = narrow<std::size_t>(arguments->free_base - kEnclaveBase);
  Bytes want(used);
  ASSERT_TRUE(image->memory().read(kEnclaveBase, want));
  EXPECT_EQ(read_memory(machine.memory, kEnclaveBase, used), want);
  const std::size_t rest = 0x200000 - used;
  EXPECT_EQ(read_memory(machine.memory, arguments->free_base, rest), Bytes(rest));
  EXPECT_EQ(machine.monitor.create(*arguments)->hash, measure(*image)->hash);
  PhysicalMemory nothing;
  EXPECT_TRUE(fails_with(load_enclave(*image, nothing), ErrorCode::malformed, "0x90000000"));
}

}  // namespace
}  // namespace keystone
