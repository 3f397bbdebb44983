// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "enclave_pages.hpp"

namespace keystone {

// What happens to contents for a virtual page that is mapped already.
enum class OnMapped : std::uint8_t {
  keep,       // the first stays: keystone-v1, and stacks and untrusted pages of v0.3
  overwrite,  // the last counts, in the same physical page: files of v0.3
  replace,    // the last counts, in a new physical page: v0.1 and v0.2
};

// Whether the entries of pages with contents of a file have the bit D: all but those of v0.1 do.
enum class FileEntries : std::uint8_t { dirty, clean };

// Maps virtual pages as a Keystone host does. Tables come from the private memory when a walk first
// needs them, upper levels first.
class PageMapper {
 public:
  // Takes the first page for the root table. `pages` must outlive it.
  [[nodiscard]] static Result<PageMapper> create(const Paging& paging, FileEntries entries,
                                                 EnclavePages& pages);

  // Takes the tables for `count` pages from `first` on.
  [[nodiscard]] Status reserve_tables(std::uint64_t first, std::uint64_t count);

  // A page of the private memory with that content at the virtual page of `address`.
  [[nodiscard]] Status map(std::uint64_t address, const PageContent& content, OnMapped on_mapped);

  // That page of untrusted memory, which must be of whole pages. Whether it was taken: with `keep`,
  // an existing mapping stays. Not to be called with `overwrite`.
  [[nodiscard]] Result<bool> map_untrusted(std::uint64_t address, std::uint64_t physical,
                                           OnMapped on_mapped);

  // The physical page at `address`, if one is mapped.
  [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t address) const;

 private:
  struct Slot {
    std::uint64_t table;
    std::size_t index;
  };

  PageMapper(const Paging& paging, FileEntries entries, EnclavePages& pages, std::uint64_t root)
      : paging_(&paging), entries_(entries), pages_(&pages), root_(root) {}

  // The leaf slot of a virtual address; makes the tables on the way.
  [[nodiscard]] Result<Slot> slot_for(std::uint64_t address);

  const Paging* paging_;
  FileEntries entries_;
  EnclavePages* pages_;
  std::uint64_t root_;
};

// The low bits of the entry for a page of that role (sdk/src/host/Memory.cpp of keystone v1.0.0,
// driver/keystone-page.c of older ones). They are not measured.
[[nodiscard]] std::uint64_t entry_flags(PageRole role, FileEntries entries);

}  // namespace keystone
