// SPDX-License-Identifier: Apache-2.0
#include "host_elf.hpp"

#include "elf_structures.hpp"
#include "keystone/base/arithmetic.hpp"

#include <array>

namespace keystone {
namespace {

constexpr std::size_t kIdentSize = 16;
constexpr std::size_t kLargestHeader = 64;
constexpr std::uint16_t kExecutable = 2;  // ET_EXEC

struct Table {
  std::uint64_t offset = 0;
  std::uint16_t entry_size = 0;
  std::uint16_t count = 0;
};

// The header's fields that a host looks at.
struct Header {
  ElfClass elf_class = ElfClass::elf64;
  std::uint16_t type = 0;
  std::uint16_t machine = 0;
  std::uint64_t entry = 0;
  Table segments;
  Table sections;
  std::uint16_t names_section = 0;
};

tl::unexpected<Error> refused(std::string message) {
  return fail(ErrorCode::malformed, "the host refuses the file: " + std::move(message));
}

bool is_driver(ElfHost host) {
  return host == ElfHost::driver_v1 || host == ElfHost::driver_v2;
}

Result<ElfClass> class_of(std::uint8_t byte, ElfHost host) {
  if (is_driver(host)) {
    return ElfClass::elf64;  // never looked at
  }
  if (byte == 1 || (byte == 2 && host == ElfHost::sdk64)) {
    return static_cast<ElfClass>(byte);
  }
  return refused("ELF class: got " + std::to_string(byte) + ", want 1" +
                 (host == ElfHost::sdk64 ? " or 2" : ""));
}

Result<Header> read_header(const ByteSource& source, ElfHost host) {
  KEYSTONE_TRY(const bool is_elf, looks_like_elf(source));
  if (!is_elf) {
    return refused("not an ELF file");
  }
  std::array<std::uint8_t, kLargestHeader> bytes{};
  if (source.size() < kIdentSize) {
    return refused("the file ends within the ELF header");
  }
  KEYSTONE_CHECK_OK(source.read_at(0, std::span(bytes).first(kIdentSize)));
  Header header;
  KEYSTONE_TRY(header.elf_class, class_of(bytes[4], host));
  const auto rest = std::span(bytes).first(elf::sizes_of(header.elf_class).header);
  if (source.size() < rest.size()) {
    return refused("the file ends within the ELF header");
  }
  KEYSTONE_CHECK_OK(source.read_at(0, rest));
  elf::Fields fields(ByteView(rest).subspan(kIdentSize), header.elf_class);
  header.type = fields.u16();
  header.machine = fields.u16();
  (void)fields.u32();  // e_version
  header.entry = fields.word();
  header.segments.offset = fields.word();
  header.sections.offset = fields.word();
  (void)fields.u32();  // e_flags
  (void)fields.u16();  // e_ehsize
  header.segments.entry_size = fields.u16();
  header.segments.count = fields.u16();
  header.sections.entry_size = fields.u16();
  header.sections.count = fields.u16();
  header.names_section = fields.u16();
  return header;
}

// elf_newFile() of the host library's ELF reader, sdk/src/host/elf.c of keystone v1.0.0.
Status check_as_sdk(const Header& header) {
  const elf::Sizes& sizes = elf::sizes_of(header.elf_class);
  if (header.segments.entry_size != sizes.segment) {
    return refused("program header size: got " + std::to_string(header.segments.entry_size) +
                   ", want " + std::to_string(sizes.segment));
  }
  if (header.sections.entry_size != sizes.section) {
    return refused("section header size: got " + std::to_string(header.sections.entry_size) +
                   ", want " + std::to_string(sizes.section));
  }
  if (header.names_section >= header.sections.count) {
    return refused("section names: got section " + std::to_string(header.names_section) + " of " +
                   std::to_string(header.sections.count) +
                   "; a file without section headers cannot be loaded");
  }
  return {};
}

Status check_as_driver(const Header& header) {
  if (header.machine != kElfMachineRiscv || header.type != kExecutable) {
    return refused("machine " + std::to_string(header.machine) + ", type " +
                   std::to_string(header.type) + ", want a RISC-V program at fixed addresses");
  }
  return {};
}

Status check_in_file(const ByteSource& source, std::string_view what, const Table& table,
                     std::size_t entry_size) {
  if (!fits(table.offset, std::uint64_t{table.count} * entry_size, source.size())) {
    return refused(std::string(what) + ": the table reaches beyond the file of " +
                   std::to_string(source.size()) + " bytes");
  }
  return {};
}

// The entries of a table, of the standard size.
Result<std::vector<std::uint8_t>> read_table(const ByteSource& source, std::string_view what,
                                             const Table& table, std::size_t entry_size) {
  KEYSTONE_CHECK_OK(check_in_file(source, what, table, entry_size));
  std::vector<std::uint8_t> bytes(std::size_t{table.count} * entry_size);
  KEYSTONE_CHECK_OK(source.read_at(table.offset, bytes));
  return bytes;
}

Status read_segments(const ByteSource& source, const Header& header, HostElf& elf) {
  const std::size_t size = elf::sizes_of(header.elf_class).segment;
  KEYSTONE_TRY(const auto bytes, read_table(source, "program headers", header.segments, size));
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    elf.segments.push_back(elf::segment_from(ByteView(bytes).subspan(at, size), header.elf_class));
  }
  return {};
}

Status read_sections(const ByteSource& source, const Header& header, HostElf& elf) {
  const std::size_t size = elf::sizes_of(header.elf_class).section;
  KEYSTONE_TRY(const auto bytes, read_table(source, "section headers", header.sections, size));
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    elf.sections.push_back(
        elf::section_from(ByteView(bytes).subspan(at, size), header.elf_class).value);
  }
  return {};
}

}  // namespace

Result<HostElf> read_host_elf(const ByteSource& source, ElfHost host) {
  KEYSTONE_TRY(const auto header, read_header(source, host));
  KEYSTONE_CHECK_OK(is_driver(host) ? check_as_driver(header) : check_as_sdk(header));
  HostElf elf{header.elf_class, header.machine, header.entry, {}, {}};
  KEYSTONE_CHECK_OK(read_segments(source, header, elf));
  if (!is_driver(host)) {
    // The host library only makes sure that they are in the file.
    KEYSTONE_CHECK_OK(check_in_file(source, "section headers", header.sections,
                                    elf::sizes_of(header.elf_class).section));
    if (elf.segments.empty()) {
      return refused("there are no program headers");
    }
  }
  if (host == ElfHost::driver_v2) {
    KEYSTONE_CHECK_OK(read_sections(source, header, elf));
  }
  return elf;
}

}  // namespace keystone
