// SPDX-License-Identifier: Apache-2.0
#include "page_mapper.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>

namespace keystone {
namespace {

constexpr std::uint64_t kUntrustedPageFlags = 0xc7;  // V R W A D

}  // namespace

std::uint64_t entry_flags(PageRole role, FileEntries entries) {
  const bool is_clean = entries == FileEntries::clean;
  switch (role) {
    case PageRole::table:
      return 0x01;  // V
    case PageRole::runtime:
      return is_clean ? 0x4f : 0xcf;  // V R W X A, and D
    case PageRole::eapp:
      return is_clean ? 0x5f : 0xdf;  // V R W X U A, and D
    case PageRole::stack:
      return 0xd7;  // V R W U A D
    case PageRole::runtime_stack:
      return 0xc7;  // V R W A D
  }
  KEYSTONE_ASSERT(false);
}

Result<PageMapper> PageMapper::create(const Paging& paging, FileEntries entries,
                                      EnclavePages& pages) {
  KEYSTONE_TRY(const auto root, pages.allocate(PageRole::table));
  return PageMapper(paging, entries, pages, root);
}

Result<PageMapper::Slot> PageMapper::slot_for(std::uint64_t address) {
  std::uint64_t table = root_;
  for (unsigned level = paging_->levels; level > 1; --level) {
    const std::size_t index = paging_->index(address, level);
    const std::uint64_t entry = pages_->entry(table, index);
    if ((entry & kEntryValid) != 0) {
      table = paging_->address_in(entry);
      continue;
    }
    KEYSTONE_TRY(const auto lower, pages_->allocate(PageRole::table));
    pages_->set_entry(table, index,
                      paging_->entry_for(lower, entry_flags(PageRole::table, entries_)));
    table = lower;
  }
  return Slot{table, paging_->index(address, 1)};
}

Status PageMapper::reserve_tables(std::uint64_t first, std::uint64_t count) {
  while (count > 0) {
    KEYSTONE_TRY(const auto slot, slot_for(first));
    const std::uint64_t in_this_table = std::min(count, paging_->entries() - slot.index);
    first += in_this_table * kPageSize;
    count -= in_this_table;
  }
  return {};
}

Status PageMapper::map(std::uint64_t address, const PageContent& content, OnMapped on_mapped) {
  KEYSTONE_TRY(const auto slot, slot_for(address));
  const std::uint64_t entry = pages_->entry(slot.table, slot.index);
  if ((entry & kEntryValid) != 0 && on_mapped != OnMapped::replace) {
    if (on_mapped == OnMapped::overwrite) {
      pages_->set_content(paging_->address_in(entry), content);
    }
    return {};
  }
  KEYSTONE_TRY(const auto page, pages_->allocate(content.role));
  pages_->set_content(page, content);
  pages_->set_entry(slot.table, slot.index,
                    paging_->entry_for(page, entry_flags(content.role, entries_)));
  return {};
}

Result<bool> PageMapper::map_untrusted(std::uint64_t address, std::uint64_t physical,
                                       OnMapped on_mapped) {
  KEYSTONE_ASSERT(on_mapped != OnMapped::overwrite);
  KEYSTONE_TRY(const auto slot, slot_for(address));
  const std::uint64_t entry = pages_->entry(slot.table, slot.index);
  if ((entry & kEntryValid) != 0 && on_mapped == OnMapped::keep) {
    return false;
  }
  pages_->set_entry(slot.table, slot.index, paging_->entry_for(physical, kUntrustedPageFlags));
  return true;
}

std::optional<std::uint64_t> PageMapper::find(std::uint64_t address) const {
  std::uint64_t table = root_;
  for (unsigned level = paging_->levels; level > 1; --level) {
    const std::uint64_t entry = pages_->entry(table, paging_->index(address, level));
    if ((entry & kEntryValid) == 0) {
      return std::nullopt;
    }
    table = paging_->address_in(entry);
  }
  const std::uint64_t leaf = pages_->entry(table, paging_->index(address, 1));
  return (leaf & kEntryValid) != 0 ? std::optional(paging_->address_in(leaf)) : std::nullopt;
}

}  // namespace keystone
