// SPDX-License-Identifier: Apache-2.0
#include "enclave_pages.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>

namespace keystone {

static_assert(sizeof(PageContent) <= 32);  // what an enclave of 4 GiB costs follows from it

Result<std::uint64_t> EnclavePages::allocate(PageRole role) {
  const std::uint64_t address = next_free();
  if (pages_.size() >= epm_.size / kPageSize) {
    return fail(ErrorCode::limit_exceeded,
                "enclave private memory: got " + std::to_string(epm_.size) +
                    " bytes, of which none is left",
                "ask for more free memory, or for a larger size");
  }
  PageContent content;
  content.role = role;
  if (role == PageRole::table) {
    content.table = narrow<std::int32_t>(tables_.size());
    tables_.emplace_back();
  }
  pages_.push_back(content);
  return address;
}

std::size_t EnclavePages::page_number(std::uint64_t address) const {
  KEYSTONE_ASSERT(address >= epm_.base && address < next_free());
  return narrow<std::size_t>((address - epm_.base) / kPageSize);
}

void EnclavePages::set_content(std::uint64_t address, const PageContent& content) {
  PageContent& page = pages_[page_number(address)];
  KEYSTONE_ASSERT(page.table < 0 && content.table < 0);
  page = content;
}

const PageContent& EnclavePages::content(std::uint64_t address) const {
  return pages_[page_number(address)];
}

std::uint64_t EnclavePages::entry(std::uint64_t table, std::size_t index) const {
  const PageContent& page = pages_[page_number(table)];
  KEYSTONE_ASSERT(page.table >= 0);
  return paging_.entry_at(tables_[static_cast<std::size_t>(page.table)], index);
}

void EnclavePages::set_entry(std::uint64_t table, std::size_t index, std::uint64_t entry) {
  const PageContent& page = pages_[page_number(table)];
  KEYSTONE_ASSERT(page.table >= 0);
  TableBytes& bytes = tables_[static_cast<std::size_t>(page.table)];
  const std::size_t size = size_of(paging_.word);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[index * size + i] = static_cast<std::uint8_t>(entry >> (8 * i));
  }
}

Status EnclavePages::read_page(std::uint64_t address, std::span<std::uint8_t> out) const {
  const PageContent& page = content(address);
  const auto from = narrow<std::size_t>(address % kPageSize);
  if (page.table >= 0) {
    const TableBytes& bytes = tables_[static_cast<std::size_t>(page.table)];
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), out.size(), out.begin());
    return {};
  }
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  const std::size_t begin = std::max<std::size_t>(page.at, from);
  const std::size_t end =
      std::min<std::size_t>(page.at + std::size_t{page.size}, from + out.size());
  if (begin >= end) {
    return {};
  }
  return page.source->read_at(page.offset + (begin - page.at),
                              out.subspan(begin - from, end - begin));
}

Result<std::size_t> EnclavePages::read_run(std::uint64_t address,
                                           std::span<std::uint8_t> out) const {
  const std::size_t first = page_number(address);
  std::size_t count = 0;
  while (first + count < pages_.size() && (count + 1) * kPageSize <= out.size()) {
    const PageContent& page = pages_[first + count];
    const bool follows = page.size == kPageSize && page.source == pages_[first].source &&
                         page.offset == pages_[first].offset + count * kPageSize;
    if (!follows) {
      break;
    }
    ++count;
  }
  if (count > 0) {
    KEYSTONE_CHECK_OK(
        pages_[first].source->read_at(pages_[first].offset, out.first(count * kPageSize)));
  }
  return count * kPageSize;
}

Status EnclavePages::read(std::uint64_t address, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    std::size_t count = std::min<std::size_t>(kPageSize - address % kPageSize, out.size());
    if (address >= epm_.base && address < next_free()) {
      std::size_t run = 0;
      if (address % kPageSize == 0) {
        KEYSTONE_TRY(run, read_run(address, out));
      }
      if (run > 0) {
        count = run;
      } else {
        KEYSTONE_CHECK_OK(read_page(address, out.first(count)));
      }
    } else if (address >= utm_.base && address - utm_.base < utm_.size) {
      std::fill_n(out.begin(), count, std::uint8_t{0});
    } else {
      return fail(ErrorCode::malformed, "there is no memory at " + to_hex_number(address));
    }
    address += count;
    out = out.subspan(count);
  }
  return {};
}

}  // namespace keystone
