// SPDX-License-Identifier: Apache-2.0
#include "segment_loader.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "page_walk_layout.hpp"

#include <algorithm>

namespace keystone {
namespace {

// What the host of v0.3 and later reads of a segment must be in the file.
Status check_in_file(const ElfSegment& segment, const ByteSource& file) {
  const bool reads_nothing = segment.filesz == 0 && (segment.vaddr & kInPage) == 0;
  if (!reads_nothing && !fits(segment.offset, segment.filesz, file.size())) {
    return undefined("a load segment of " + std::to_string(segment.filesz) + " bytes at " +
                     to_hex_number(segment.offset) + " reaches beyond the file of " +
                     std::to_string(file.size()) + " bytes");
  }
  return {};
}

}  // namespace

Status SegmentLoader::load(const HostElf& elf, const ByteSource& file, PageRole role) {
  if (role == PageRole::eapp) {
    KEYSTONE_CHECK_OK(load_sections_by_driver(elf, file));
  }
  for (std::size_t i = 0; i < elf.segments.size(); ++i) {
    const ElfSegment& segment = elf.segments[i];
    if (segment.type != kSegmentLoad) {
      continue;
    }
    const Cursor cursor{file, role, narrow<std::uint16_t>(i), paging_.wrap(segment.vaddr),
                        segment.offset};
    if (!rules_.driver_loads) {
      KEYSTONE_CHECK_OK(load_by_sdk(segment, cursor));
    } else if (role == PageRole::runtime) {
      KEYSTONE_CHECK_OK(load_runtime_by_driver(segment, cursor));
    } else {
      KEYSTONE_CHECK_OK(load_eapp_by_driver(segment, cursor));
    }
  }
  return {};
}

Status SegmentLoader::map_page(const Cursor& cursor, std::uint64_t at, std::uint64_t size) {
  if (budget_ == 0) {
    return fail(ErrorCode::limit_exceeded, "mapped memory: got more than the limit",
                "--max-memory raises it");
  }
  --budget_;
  PageContent content;
  content.role = cursor.role;
  content.segment = cursor.segment;
  if (size != 0) {
    const auto last_page_end = checked_round_up(cursor.file.size(), kPageSize);
    if (!last_page_end || !fits(cursor.offset, size, *last_page_end)) {
      return undefined("the page at " + to_hex_number(cursor.address & ~kInPage) +
                       " is read from beyond the end of the file, at " +
                       to_hex_number(cursor.offset));
    }
    if (cursor.offset < cursor.file.size()) {
      content.source = &cursor.file;
      content.offset = cursor.offset;
      content.at = narrow<std::uint16_t>(at);
      content.size = narrow<std::uint16_t>(std::min(size, cursor.file.size() - cursor.offset));
    }
  }
  // Zeros that come second change nothing where the first page stays.
  const bool counts = size != 0 || rules_.on_file_page != OnMapped::keep;
  lost_bytes_ |= !rules_.driver_loads && counts && mapper_.find(cursor.address).has_value();
  return mapper_.map(cursor.address, content, rules_.on_file_page);
}

// --- the host library, v0.3 and later ---------------------------------------------------------

Status SegmentLoader::load_by_sdk(const ElfSegment& segment, Cursor cursor) {
  KEYSTONE_CHECK_OK(check_in_file(segment, cursor.file));
  const std::uint64_t file_end = paging_.wrap(cursor.address + segment.filesz);
  const std::uint64_t memory_end = paging_.wrap(cursor.address + segment.memsz);
  KEYSTONE_CHECK_OK(load_unaligned_start(cursor));
  KEYSTONE_CHECK_OK(load_file_part(cursor, file_end));
  return load_zeros(cursor, memory_end);
}

// The rest of the first page is filled from the file, however short the segment is.
Status SegmentLoader::load_unaligned_start(Cursor& cursor) {
  const std::uint64_t at = cursor.address & kInPage;
  if (at == 0) {
    return {};
  }
  const std::uint64_t size = kPageSize - at;
  KEYSTONE_CHECK_OK(map_page(cursor, at, size));
  cursor.address = paging_.wrap(cursor.address + size);
  cursor.offset = paging_.wrap(cursor.offset + size);
  return {};
}

Status SegmentLoader::load_file_part(Cursor& cursor, std::uint64_t file_end) {
  for (;;) {
    const std::uint64_t next = paging_.wrap(cursor.address + kPageSize);
    const bool wraps = next < cursor.address;
    if (wraps && file_end != 0) {
      return undefined("a load segment wraps around the end of the address space");
    }
    if (next > file_end) {
      break;
    }
    KEYSTONE_CHECK_OK(map_page(cursor, 0, kPageSize));
    cursor.address = next;
    cursor.offset = paging_.wrap(cursor.offset + kPageSize);
    if (wraps) {
      return {};
    }
  }
  if (cursor.address < file_end) {
    KEYSTONE_CHECK_OK(map_page(cursor, 0, file_end - cursor.address));
    cursor.address = paging_.wrap(cursor.address + kPageSize);
  }
  return {};
}

Status SegmentLoader::load_zeros(Cursor& cursor, std::uint64_t end) {
  while (cursor.address < end) {
    KEYSTONE_CHECK_OK(map_page(cursor, 0, 0));
    const std::uint64_t next = paging_.wrap(cursor.address + kPageSize);
    if (next < cursor.address) {
      return undefined("a load segment wraps around the end of the address space");
    }
    cursor.address = next;
  }
  return {};
}

// --- the driver, v0.1 and v0.2 ----------------------------------------------------------------

// Zeros for the .bss of v0.2, in whose way the segments come afterwards.
Status SegmentLoader::load_sections_by_driver(const HostElf& elf, const ByteSource& file) {
  for (const ElfSection& section : elf.sections) {
    if (section.type != kSectionNoBits || section.addr == 0) {
      continue;
    }
    const auto end = checked_add(section.addr, section.size);
    if (!end) {
      return undefined("a section without bytes wraps around the end of the address space");
    }
    Cursor cursor{file, PageRole::eapp, PageContent::kNoSegment, section.addr, 0};
    KEYSTONE_CHECK_OK(load_zeros(cursor, *end));
  }
  return {};
}

// Whole pages of the file, whatever the segment's place in its first page and its end.
Status SegmentLoader::load_runtime_by_driver(const ElfSegment& segment, Cursor cursor) {
  const auto end = checked_add(cursor.address, segment.filesz);
  const auto rounded = end ? checked_round_up(*end, kPageSize) : std::nullopt;
  if (!rounded) {
    return undefined("a load segment wraps around the end of the address space");
  }
  for (cursor.address &= ~kInPage; cursor.address < *rounded; cursor.address += kPageSize) {
    KEYSTONE_CHECK_OK(map_page(cursor, 0, kPageSize));
    cursor.offset += kPageSize;
  }
  return {};
}

// The segment's bytes in pieces of a page, each at the start of its page.
Status SegmentLoader::load_eapp_by_driver(const ElfSegment& segment, Cursor cursor) {
  if (!checked_add(cursor.address, segment.filesz) ||
      !fits(segment.offset, segment.filesz, cursor.file.size())) {
    return undefined("a load segment reaches beyond the file, or wraps around the address space");
  }
  for (std::uint64_t left = segment.filesz; left > 0;) {
    const std::uint64_t size = std::min(left, kPageSize);
    KEYSTONE_CHECK_OK(map_page(cursor, 0, size));
    cursor.address += size;
    cursor.offset += size;
    left -= size;
  }
  return {};
}

}  // namespace keystone
