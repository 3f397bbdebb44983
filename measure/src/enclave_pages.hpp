// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "page_entry.hpp"

#include <array>
#include <vector>

namespace keystone {

// Enclave private memory that is handed out page by page from its base on, as the host does, and
// the untrusted memory, which holds zeros. A page costs 32 bytes, a table its 4096 on top.
class EnclavePages final : public MemoryView {
 public:
  EnclavePages(const Paging& paging, PhysicalRange epm, PhysicalRange utm)
      : paging_(paging), epm_(epm), utm_(utm) {}

  // The address of the next page, which holds zeros. `limit_exceeded` when there is none left.
  [[nodiscard]] Result<std::uint64_t> allocate(PageRole role);

  // The address of the first page that was not handed out.
  [[nodiscard]] std::uint64_t next_free() const { return epm_.base + pages_.size() * kPageSize; }

  // Of a page that was handed out.
  void set_content(std::uint64_t address, const PageContent& content);
  [[nodiscard]] const PageContent& content(std::uint64_t address) const;

  // An entry of a page that was handed out as a table.
  [[nodiscard]] std::uint64_t entry(std::uint64_t table, std::size_t index) const;
  void set_entry(std::uint64_t table, std::size_t index, std::uint64_t entry);

  [[nodiscard]] Status read(std::uint64_t address, std::span<std::uint8_t> out) const override;

 private:
  using TableBytes = std::array<std::uint8_t, kPageSize>;

  [[nodiscard]] std::size_t page_number(std::uint64_t address) const;
  [[nodiscard]] Status read_page(std::uint64_t address, std::span<std::uint8_t> out) const;
  // Bytes of whole pages, of one file and in its order, read at once; 0 if it is not such a run.
  [[nodiscard]] Result<std::size_t> read_run(std::uint64_t address,
                                             std::span<std::uint8_t> out) const;

  const Paging& paging_;
  PhysicalRange epm_;
  PhysicalRange utm_;
  std::vector<PageContent> pages_;
  std::vector<TableBytes> tables_;
};

}  // namespace keystone
