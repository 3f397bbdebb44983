// SPDX-License-Identifier: Apache-2.0
#include "extract.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace keystone {
namespace {

constexpr std::string_view kText = ".text";

// The most that a loader's segments may come to, in bytes: a bound on the work that a small hostile
// file can ask for.
constexpr std::uint64_t kMaxLoader = std::uint64_t{4} << 30U;

std::string segment_name(std::size_t index) {
  return "segment " + std::to_string(index);
}

Pieces whole_file(const ByteSource& source) {
  return {Extraction::whole_file, {{{0, source.size()}}}};
}

// That all an ELF file's load segments are there: a build or a pipe that ended early leaves one of
// which they, or the tables, are not.
Status check_complete(const ElfView& elf, const ByteSource& source) {
  for (std::size_t i = 0; i < elf.segments().size(); ++i) {
    const ElfSegment& segment = elf.segments()[i];
    if (segment.type == kSegmentLoad && segment.filesz != 0) {
      KEYSTONE_CHECK_OK(contents_of(segment, source.size(), segment_name(i)));
    }
  }
  return {};
}

// --- Keystone's host library ------------------------------------------------------------------

// The `.text` section of a loader ELF: the bytes that upstream's build extracts into loader.bin.
Result<FileRange> text_section(const ElfView& elf, const ByteSource& source) {
  const auto is_text = [](const ElfSection& section) { return section.name == kText; };
  const auto found = std::find_if(elf.sections().begin(), elf.sections().end(), is_text);
  if (found == elf.sections().end()) {
    return fail(ErrorCode::malformed, "no section .text",
                "give the loader that the build made, or loader.bin");
  }
  if (std::find_if(found + 1, elf.sections().end(), is_text) != elf.sections().end()) {
    return fail(ErrorCode::malformed, "more than one section .text");
  }
  KEYSTONE_TRY(const auto range, contents_of(*found, source.size(), kText));
  if (range.size == 0) {
    return fail(ErrorCode::malformed, "the section .text has no bytes in the file");
  }
  return range;
}

Result<Pieces> keystone_loader(const ByteSource& source, bool raw) {
  KEYSTONE_TRY(const bool is_elf, looks_like_elf(source));
  if (raw || !is_elf) {
    return whole_file(source);
  }
  KEYSTONE_TRY(const auto elf, ElfView::parse(source));
  KEYSTONE_TRY(const auto range, text_section(elf, source));
  return Pieces{Extraction::text_section, {{range}}};
}

// A runtime or an eapp. The host copies it as a file, whatever it is; nobody means a part of one.
Result<Pieces> keystone_program(const ByteSource& source, bool raw) {
  KEYSTONE_TRY(const bool is_elf, looks_like_elf(source));
  if (is_elf && !raw) {
    KEYSTONE_TRY(const auto elf, ElfView::parse(source));
    KEYSTONE_CHECK_OK(check_complete(elf, source));
  }
  return whole_file(source);
}

// --- the Rust SDK -----------------------------------------------------------------------------

// What the Rust SDK asks of each of its three files (Binary::new, vector-sdk/rust-sdk
// libhapp/src/binary.rs): an ELF file with a `.text` section that is not empty, whose lowest mapped
// address is page-aligned.
Result<ElfView> rust_sdk_binary(const ByteSource& source) {
  KEYSTONE_TRY(auto elf, ElfView::parse(source));
  std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
  for (const ElfSegment& segment : elf.segments()) {
    if (segment.memsz != 0) {
      lowest = std::min(lowest, segment.vaddr);
    }
  }
  if (lowest == std::numeric_limits<std::uint64_t>::max()) {
    return fail(ErrorCode::malformed, "no segment is mapped", "is it linked?");
  }
  if (lowest % kPageSize != 0) {
    return fail(ErrorCode::malformed,
                "lowest mapped address: got " + to_hex_number(lowest) + ", want a page boundary");
  }
  std::uint64_t text_size = 0;  // of several sections .text, the SDK looks at the last
  for (const ElfSection& section : elf.sections()) {
    text_size = section.name == kText ? section.size : text_size;
  }
  if (text_size == 0) {
    return fail(ErrorCode::malformed, "no section .text with bytes in it");
  }
  return elf;
}

Result<Pieces> rust_sdk_program(const ByteSource& source) {
  KEYSTONE_TRY(const auto elf, rust_sdk_binary(source));
  KEYSTONE_CHECK_OK(check_complete(elf, source));
  return whole_file(source);
}

// The contents of the loader's PT_LOAD segments, in header order; where they overlap in virtual
// memory, the SDK copies both.
Result<Pieces> rust_sdk_loader(const ByteSource& source) {
  KEYSTONE_TRY(const auto elf, rust_sdk_binary(source));
  Pieces pieces{Extraction::load_segments, {}};
  std::uint64_t copied = 0;  // segments may share bytes, so this may be more than the file has
  for (std::size_t i = 0; i < elf.segments().size(); ++i) {
    const ElfSegment& segment = elf.segments()[i];
    if (segment.type != kSegmentLoad) {
      continue;
    }
    if (segment.vaddr % kPageSize != 0) {
      return fail(ErrorCode::malformed,
                  segment_name(i) + ": got address " + to_hex_number(segment.vaddr) +
                      ", want a page boundary",
                  "the Rust SDK refuses this loader; a build-id note is a common cause");
    }
    if (!checked_add(segment.vaddr, segment.filesz)) {
      return fail(ErrorCode::malformed, segment_name(i) + ": wraps around the address space");
    }
    KEYSTONE_TRY(const auto range, contents_of(segment, source.size(), segment_name(i)));
    copied += range.size;
    if (copied > kMaxLoader) {
      return fail(ErrorCode::limit_exceeded, "segments: got more than " +
                                                 std::to_string(kMaxLoader) +
                                                 " bytes, counting those that share bytes");
    }
    pieces.pieces.push_back({range, i});
  }
  return pieces;
}

// --- mistakes ---------------------------------------------------------------------------------

std::string bits_of(bool is_64) {
  return is_64 ? "64-bit" : "32-bit";
}

// What is wrong with one input, or nothing.
Result<std::string> mistake_in(const ByteSource& source, bool is_loader, const ProfileInfo& row) {
  KEYSTONE_TRY(const bool is_elf, looks_like_elf(source));
  if (!is_elf) {
    const bool can_be_flat = is_loader || source.size() == 0;
    return can_be_flat ? "" : "not an ELF file; the enclave's loader will not start it";
  }
  KEYSTONE_TRY(const auto elf, ElfView::parse(source));
  if (auto reason = why_no_riscv_program(elf); !reason.empty()) {
    return reason;
  }
  const bool is_64 = elf.elf_class() == ElfClass::elf64;
  const bool want_64 = row.word == Word::bits64;
  return is_64 == want_64 ? ""
                          : "a " + bits_of(is_64) + " program, but profile " +
                                std::string(row.name) + " is for " + bits_of(want_64) + " machines";
}

}  // namespace

Result<ExtractedInputs> extract(const EnclaveInputs& inputs, Profile profile) {
  const bool raw = inputs.loader_raw;
  if (info(profile).host_loader == HostLoader::rust_sdk) {
    if (raw) {
      return fail(ErrorCode::usage, "loader-raw: the Rust SDK takes ELF files only");
    }
    KEYSTONE_TRY(auto loader, named("loader", rust_sdk_loader(inputs.loader)));
    KEYSTONE_TRY(auto runtime, named("runtime", rust_sdk_program(inputs.runtime)));
    KEYSTONE_TRY(auto eapp, named("eapp", rust_sdk_program(inputs.eapp)));
    return ExtractedInputs{std::move(loader), std::move(runtime), std::move(eapp)};
  }
  KEYSTONE_TRY(auto loader, named("loader", keystone_loader(inputs.loader, raw)));
  KEYSTONE_TRY(auto runtime, named("runtime", keystone_program(inputs.runtime, raw)));
  KEYSTONE_TRY(auto eapp, named("eapp", keystone_program(inputs.eapp, raw)));
  return ExtractedInputs{std::move(loader), std::move(runtime), std::move(eapp)};
}

Result<std::vector<std::string>> look_for_mistakes(const EnclaveInputs& inputs, Profile profile) {
  std::vector<std::string> mistakes;
  if (inputs.loader_raw) {
    return mistakes;  // the files are what the user says they are
  }
  const std::pair<std::string, const ByteSource&> files[] = {
      {"runtime", inputs.runtime}, {"eapp", inputs.eapp}, {"loader", inputs.loader}};
  for (const auto& [role, source] : files) {
    KEYSTONE_TRY(const auto mistake,
                 named(role, mistake_in(source, role == "loader", info(profile))));
    if (!mistake.empty()) {
      mistakes.push_back(role + ": " + mistake);
    }
  }
  return mistakes;
}

}  // namespace keystone
