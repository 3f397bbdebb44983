// SPDX-License-Identifier: Apache-2.0
// What each page-walk host insists on in a file, and what it never looks at.
#include "host_elf.hpp"

#include "elf_builder.hpp"
#include "page_walk_files.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::host_elf_test {
namespace {

using namespace keystone::testing;

constexpr ElfHost kSdks[] = {ElfHost::sdk64, ElfHost::sdk32};
constexpr ElfHost kAll[] = {ElfHost::sdk64, ElfHost::sdk32, ElfHost::driver_v1, ElfHost::driver_v2};

ElfSpec spec_for(ElfHost host) {
  ElfSpec spec =
      plain_program({1, 2, 3}, host == ElfHost::sdk32 ? ElfClass::elf32 : ElfClass::elf64);
  spec.segments[0].vaddr = 0x10000;
  spec.segments[0].memsz = 4;
  spec.entry = 0x10002;
  return spec;
}

Result<HostElf> read(const Bytes& file, ElfHost host) {
  return read_host_elf(ArraySource(file), host);
}

Result<HostElf> read(const ElfSpec& spec, ElfHost host) {
  return read(build_elf(spec), host);
}

::testing::AssertionResult is_refused(const Result<HostElf>& elf, std::string_view fact) {
  return fails_with(elf, ErrorCode::malformed, {"the host refuses the file: ", fact});
}

TEST(HostElf, ReadsEntryAndSegments) {
  for (const ElfHost host : kAll) {
    ElfSpec spec = spec_for(host);
    spec.segments.push_back({.vaddr = 0x20000, .type = 4, .offset = 7, .filesz = 5, .memsz = 6});
    const auto elf = read(spec, host);
    ASSERT_TRUE(succeeds(elf));
    EXPECT_EQ(elf->elf_class, host == ElfHost::sdk32 ? ElfClass::elf32 : ElfClass::elf64);
    EXPECT_EQ(elf->machine, 243);
    EXPECT_EQ(elf->entry, 0x10002U);
    ASSERT_EQ(elf->segments.size(), 2U);
    EXPECT_EQ(elf->segments[0].type, 1U);
    EXPECT_EQ(elf->segments[0].vaddr, 0x10000U);
    EXPECT_EQ(elf->segments[0].filesz, 3U);
    EXPECT_EQ(elf->segments[0].memsz, 4U);
    EXPECT_EQ(elf->segments[1].type, 4U);
    EXPECT_EQ(elf->segments[1].offset, 7U);
  }
}

TEST(HostElf, ReadsFilesOfClass32On64BitHosts) {
  const auto elf = read(spec_for(ElfHost::sdk32), ElfHost::sdk64);
  ASSERT_TRUE(succeeds(elf));
  EXPECT_EQ(elf->elf_class, ElfClass::elf32);
  EXPECT_EQ(elf->segments[0].memsz, 4U);
}

TEST(HostElf, RefusesFilesOfClass64On32BitHosts) {
  EXPECT_TRUE(is_refused(read(spec_for(ElfHost::sdk64), ElfHost::sdk32), "class: got 2, want 1"));
}

TEST(HostElf, ReadsSectionsForTheDriverOfV02Alone) {
  for (const ElfHost host : kAll) {
    ElfSpec spec = spec_for(host);
    spec.sections.push_back(
        {.name = ".bss", .type = kSectionNoBits, .size = 0x1234, .addr = 0x5000});
    const auto elf = read(spec, host);
    ASSERT_TRUE(succeeds(elf));
    if (host != ElfHost::driver_v2) {
      EXPECT_TRUE(elf->sections.empty());
      continue;
    }
    ASSERT_EQ(elf->sections.size(), 4U);  // the first, .text, .bss and the names
    EXPECT_EQ(elf->sections[2].type, kSectionNoBits);
    EXPECT_EQ(elf->sections[2].addr, 0x5000U);
    EXPECT_EQ(elf->sections[2].size, 0x1234U);
  }
}

TEST(HostElf, RefusesWhatIsNotElf) {
  for (const ElfHost host : kAll) {
    for (const Bytes& file : {Bytes{}, Bytes{0x7f, 'E', 'L'}, Bytes(100, 'E')}) {
      EXPECT_TRUE(is_refused(read(file, host), "not an ELF file"));
    }
  }
}

TEST(HostElf, RefusesAFileThatEndsWithinItsHeader) {
  for (const ElfHost host : kAll) {
    const Bytes file = build_elf(spec_for(host));
    const std::size_t header = host == ElfHost::sdk32 ? 52 : 64;
    for (std::size_t size = 4; size < header; ++size) {
      EXPECT_TRUE(is_refused(read(slice(file, 0, size), host), "within the ELF header"));
    }
    EXPECT_TRUE(is_refused(read(slice(file, 0, header), host), "table reaches beyond"));
  }
}

// --- what host libraries insist on ------------------------------------------------------------

TEST(HostElfOfSdk, RefusesOtherClasses) {
  for (const ElfHost host : kSdks) {
    for (const auto byte : std::initializer_list<std::uint8_t>{0, 3, 255}) {
      ElfSpec spec = spec_for(host);
      spec.class_byte = byte;
      EXPECT_TRUE(is_refused(read(spec, host), "class"));
    }
  }
}

TEST(HostElfOfSdk, RefusesOtherSizesOfTableEntries) {
  for (const ElfHost host : kSdks) {
    for (const auto member : {&ElfSpec::phentsize, &ElfSpec::shentsize}) {
      for (const auto size :
           std::initializer_list<std::uint16_t>{0, 31, 33, 39, 41, 55, 57, 63, 65, 65535}) {
        ElfSpec spec = spec_for(host);
        spec.*member = size;
        EXPECT_TRUE(is_refused(read(spec, host), "header size"));
      }
    }
  }
}

TEST(HostElfOfSdk, RefusesNamesThatAreInNoSection) {
  for (const ElfHost host : kSdks) {
    ElfSpec spec = spec_for(host);  // three sections
    spec.shstrndx = 2;
    EXPECT_TRUE(succeeds(read(spec, host)));
    spec.shstrndx = 0;
    EXPECT_TRUE(succeeds(read(spec, host)));
    spec.shstrndx = 3;
    EXPECT_TRUE(is_refused(read(spec, host), "got section 3 of 3"));
    spec.shstrndx = 0xffff;
    EXPECT_TRUE(is_refused(read(spec, host), "got section 65535 of 3"));
  }
}

TEST(HostElfOfSdk, RefusesAFileWithoutSections) {
  for (const ElfHost host : kSdks) {
    ElfSpec spec = spec_for(host);
    spec.shnum = 0;
    spec.shoff = 0;
    spec.shstrndx = 0;
    EXPECT_TRUE(is_refused(read(spec, host), "without section headers"));
  }
}

TEST(HostElfOfSdk, RefusesAFileWithoutSegments) {
  for (const ElfHost host : kSdks) {
    ElfSpec spec = spec_for(host);
    spec.phnum = 0;
    EXPECT_TRUE(is_refused(read(spec, host), "no program headers"));
  }
}

TEST(HostElfOfSdk, RefusesTablesThatAreNotAllInTheFile) {
  for (const ElfHost host : kSdks) {
    const std::uint64_t size = build_elf(spec_for(host)).size();
    const std::uint64_t segment = host == ElfHost::sdk32 ? 32 : 56;
    const std::uint64_t section = host == ElfHost::sdk32 ? 40 : 64;
    const std::uint64_t highest = host == ElfHost::sdk32 ? UINT32_MAX : UINT64_MAX;
    ElfSpec spec = spec_for(host);
    spec.phoff = size - segment;
    EXPECT_TRUE(succeeds(read(spec, host)));
    for (const std::uint64_t offset : {size - segment + 1, size, highest, highest - segment + 1}) {
      spec.phoff = offset;
      EXPECT_TRUE(is_refused(read(spec, host), "program headers: the table reaches beyond"));
    }
    spec = spec_for(host);
    spec.shoff = size - 3 * section;
    EXPECT_TRUE(succeeds(read(spec, host)));
    for (const std::uint64_t offset : {size - 3 * section + 1, size, highest}) {
      spec.shoff = offset;
      EXPECT_TRUE(is_refused(read(spec, host), "section headers: the table reaches beyond"));
    }
  }
}

TEST(HostElfOfSdk, LooksAtNothingElse) {
  for (const ElfHost host : kSdks) {
    const Bytes file = build_elf(spec_for(host));
    const std::size_t word = host == ElfHost::sdk32 ? 4 : 8;
    // Data encoding, versions, ABI and padding; type, machine and version; flags and header size.
    for (std::size_t at = 5; at < 24; ++at) {
      Bytes changed = file;
      changed[at] ^= 0xff;
      EXPECT_TRUE(succeeds(read(changed, host))) << at;
    }
    for (std::size_t at = 24 + 3 * word; at < 24 + 3 * word + 6; ++at) {
      Bytes changed = file;
      changed[at] ^= 0xff;
      EXPECT_TRUE(succeeds(read(changed, host))) << at;
    }
  }
}

TEST(HostElfOfSdk, DoesNotReadTheSectionHeaders) {
  const ElfSpec spec = [] {
    ElfSpec made = spec_for(ElfHost::sdk64);
    made.shnum = 0xffff;
    made.shoff = 0x1000;
    return made;
  }();
  const SparseSource source(build_elf(spec), 0x1000 + 0xffff * 64);
  EXPECT_TRUE(succeeds(read_host_elf(source, ElfHost::sdk64)));
  EXPECT_LT(source.bytes_read(), 300U);
}

TEST(HostElf, ReportsWhatItCannotRead) {
  for (const ElfHost host : kAll) {
    const Bytes file = build_elf(spec_for(host));
    for (const std::uint64_t from : {0U, 5U, 20U, 70U}) {
      EXPECT_TRUE(fails_with(read_host_elf(FailingSource(file, from), host), ErrorCode::unreadable,
                             FailingSource::kMessage));
    }
  }
  const Bytes file = build_elf(spec_for(ElfHost::driver_v2));
  EXPECT_TRUE(fails_with(read_host_elf(FailingSource(file, file.size() - 1), ElfHost::driver_v2),
                         ErrorCode::unreadable));
}

}  // namespace
}  // namespace keystone::host_elf_test
