// SPDX-License-Identifier: Apache-2.0
// What the drivers of v0.1 and v0.2 insist on in a file, which is less than a host library does.
#include "elf_builder.hpp"
#include "host_elf.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::host_elf_driver_test {
namespace {

using namespace keystone::testing;

constexpr ElfHost kDrivers[] = {ElfHost::driver_v1, ElfHost::driver_v2};

ElfSpec plain() {
  ElfSpec spec = plain_program({1, 2, 3});
  spec.segments[0].vaddr = 0x10000;
  return spec;
}

Result<HostElf> read(const ElfSpec& spec, ElfHost host) {
  const Bytes file = build_elf(spec);
  return read_host_elf(ArraySource(file), host);
}

::testing::AssertionResult is_refused(const Result<HostElf>& elf, std::string_view fact) {
  return fails_with(elf, ErrorCode::malformed, {"the host refuses the file: ", fact});
}

TEST(HostElfOfDriver, RefusesOtherMachinesAndTypes) {
  for (const ElfHost host : kDrivers) {
    for (const auto machine : std::initializer_list<std::uint16_t>{0, 62, 244}) {
      ElfSpec spec = plain();
      spec.machine = machine;
      EXPECT_TRUE(is_refused(read(spec, host), "machine"));
    }
    for (const auto type : std::initializer_list<std::uint16_t>{0, 1, 3, 4}) {
      ElfSpec spec = plain();
      spec.file_type = type;
      EXPECT_TRUE(is_refused(read(spec, host), "type"));
    }
  }
}

TEST(HostElfOfDriver, DoesNotLookAtClassAndSizes) {
  for (const ElfHost host : kDrivers) {
    ElfSpec spec = plain();
    spec.class_byte = 1;
    spec.phentsize = 0;
    spec.shentsize = 0;
    spec.shstrndx = 0xffff;
    const auto elf = read(spec, host);
    ASSERT_TRUE(succeeds(elf));
    EXPECT_EQ(elf->elf_class, ElfClass::elf64);
    EXPECT_EQ(elf->segments[0].vaddr, 0x10000U);
  }
}

TEST(HostElfOfDriver, TakesAFileWithoutSegmentsOrSections) {
  for (const ElfHost host : kDrivers) {
    ElfSpec spec = plain();
    spec.phnum = 0;
    spec.shnum = 0;
    const auto elf = read(spec, host);
    ASSERT_TRUE(succeeds(elf));
    EXPECT_TRUE(elf->segments.empty());
    EXPECT_TRUE(elf->sections.empty());
  }
}

TEST(HostElfOfDriver, RefusesTablesThatAreNotAllInTheFile) {
  for (const ElfHost host : kDrivers) {
    ElfSpec spec = plain();
    spec.phnum = 0xffff;
    EXPECT_TRUE(is_refused(read(spec, host), "program headers: the table reaches beyond"));
    spec = plain();
    spec.shnum = 0xffff;
    if (host == ElfHost::driver_v1) {
      EXPECT_TRUE(succeeds(read(spec, host)));
    } else {
      EXPECT_TRUE(is_refused(read(spec, host), "section headers: the table reaches beyond"));
    }
  }
}

}  // namespace
}  // namespace keystone::host_elf_driver_test
