// SPDX-License-Identifier: Apache-2.0
#include "explain_pages.hpp"

#include "keystone/crypto/digest.hpp"

namespace keystone {
namespace {

// The symbol that spans the page.
std::string_view symbol_over(const PageOrigin& page) {
  if (page.names == nullptr) {
    return {};
  }
  if (page.file.size == kPageSize) {
    return page.names->symbol_over(page.file);
  }
  const bool is_memory = page.has_memory_names && page.file.size == 0;
  return is_memory ? page.names->symbol_over_memory(page.address, kPageSize) : std::string_view();
}

}  // namespace

Status PageExplainer::add(const PageOrigin& page) {
  const Label label = label_of(page);
  if (!continues_range(page, label)) {
    start_range(page, label);
  }
  MeasuredRange& range = explanation_.ranges.back();
  range.size += kPageSize;
  range.file_bytes += page.file.size;
  last_label_ = label;
  return options_.pages ? add_page(page) : Status();
}

// The sections with bytes in the page's part of the file, and those with memory in its zeros.
PageExplainer::Label PageExplainer::label_of(const PageOrigin& page) {
  Label label;
  if (page.names == nullptr) {
    return label;
  }
  label.in_file = page.names->sections_in_file(page.file);
  if (page.has_memory_names) {
    const std::uint64_t used = page.file.size == 0 ? 0 : page.zeros_before + page.file.size;
    label.in_memory = page.names->sections_in_memory(page.address + used, kPageSize - used);
  }
  return label;
}

bool PageExplainer::continues_range(const PageOrigin& page, const Label& label) const {
  if (explanation_.ranges.empty() || page.starts_run) {
    return false;
  }
  const MeasuredRange& range = explanation_.ranges.back();
  if (page.address != range.address + range.size || page.role != range.role ||
      page.segment != range.segment || page.zeros != range.zeros || label != last_label_) {
    return false;
  }
  if (page.file.size == 0) {
    return true;
  }
  // The file's bytes must go on, in the file and in memory.
  return page.zeros_before == 0 && range.zeros_before + range.file_bytes == range.size &&
         page.file.offset == range.file_offset + range.file_bytes;
}

void PageExplainer::start_range(const PageOrigin& page, const Label& label) {
  explanation_.ranges.push_back(
      {page.address, 0, page.role, page.starts_run, page.zeros_before, 0, page.file.offset,
       page.segment,
       page.names == nullptr ? std::string() : page.names->label(label.in_file, label.in_memory),
       page.zeros});
}

Status PageExplainer::add_page(const PageOrigin& page) {
  KEYSTONE_CHECK_OK(memory_.read(page.memory, bytes_));
  KEYSTONE_TRY(auto hash, Sha256::create());
  hash.update(bytes_);
  explanation_.pages.push_back({page.address, explanation_.ranges.size() - 1,
                                std::move(hash).finish(), std::string(symbol_over(page))});
  return {};
}

}  // namespace keystone
