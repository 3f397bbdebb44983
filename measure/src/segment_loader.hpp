// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page_walk_rules.hpp"

namespace keystone {

// Unpacks the segments of one file into mapped pages, as the host of a profile does.
class SegmentLoader {
 public:
  // `budget`: the pages that all files of the enclave may still touch; counted down. The
  // references must outlive the loader.
  SegmentLoader(const PageWalkRules& rules, const Paging& paging, PageMapper& mapper,
                std::uint64_t& budget)
      : rules_(rules), paging_(paging), mapper_(mapper), budget_(budget) {}

  // The pages of `file`'s segments, of that role. `malformed` where the host would read what is not
  // in the file, or not stop; `limit_exceeded` when the budget is used up.
  [[nodiscard]] Status load(const HostElf& elf, const ByteSource& file, PageRole role);

  // Whether bytes of the host library's were lost, since two segments lie on one page.
  [[nodiscard]] bool lost_bytes() const { return lost_bytes_; }

 private:
  // One segment or section on its way into memory, in the host's arithmetic, which wraps.
  struct Cursor {
    const ByteSource& file;
    PageRole role;
    std::uint16_t segment;  // its number, or PageContent::kNoSegment
    std::uint64_t address;
    std::uint64_t offset;
  };

  [[nodiscard]] Status load_by_sdk(const ElfSegment& segment, Cursor cursor);
  [[nodiscard]] Status load_unaligned_start(Cursor& cursor);
  [[nodiscard]] Status load_file_part(Cursor& cursor, std::uint64_t file_end);
  [[nodiscard]] Status load_zeros(Cursor& cursor, std::uint64_t end);
  [[nodiscard]] Status load_sections_by_driver(const HostElf& elf, const ByteSource& file);
  [[nodiscard]] Status load_runtime_by_driver(const ElfSegment& segment, Cursor cursor);
  [[nodiscard]] Status load_eapp_by_driver(const ElfSegment& segment, Cursor cursor);

  // The page of the cursor's address: `size` bytes of the file from the cursor's offset, put at
  // `at`. What of them lies behind the file's end, but on its last page, is zero.
  [[nodiscard]] Status map_page(const Cursor& cursor, std::uint64_t at, std::uint64_t size);

  const PageWalkRules& rules_;
  const Paging& paging_;
  PageMapper& mapper_;
  std::uint64_t& budget_;
  bool lost_bytes_ = false;
};

}  // namespace keystone
