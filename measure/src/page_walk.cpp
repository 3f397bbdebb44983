// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/page_walk.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "keystone/measure/measurer.hpp"
#include "page_entry.hpp"
#include "page_walk_stream.hpp"

#include <array>
#include <utility>

namespace keystone {
namespace {

using Kind = SmRefusal::Kind;
using Refusal = std::optional<SmRefusal>;

bool lies_in(std::uint64_t address, std::uint64_t base, std::uint64_t size) {
  return address >= base && address - base < size;
}

std::string page_text(std::uint64_t virtual_address, std::uint64_t physical_address) {
  return "the page at " + to_hex_number(virtual_address) + " (physical " +
         to_hex_number(physical_address) + ")";
}

// Whether [base, base + size) is a region of the machine: not empty, and its end an address.
bool is_region(const Paging& paging, std::uint64_t base, std::uint64_t size) {
  const auto end = checked_add(base, size);
  return size != 0 && end && paging.wrap(*end) == *end;
}

}  // namespace

std::optional<SmRefusal> check_create_arguments(const PageWalkArguments& a, Word word) {
  const Paging& paging = paging_of(word);
  if (!is_region(paging, a.epm_base, a.epm_size)) {
    return SmRefusal{Kind::bad_arguments, "the private memory is empty or wraps around"};
  }
  if (!is_region(paging, a.utm_base, a.utm_size)) {
    return SmRefusal{Kind::bad_arguments, "the untrusted memory is empty or wraps around"};
  }
  if (!lies_in(a.runtime_base, a.epm_base, a.epm_size) ||
      !lies_in(a.user_base, a.epm_base, a.epm_size) || a.free_base < a.epm_base ||
      a.free_base - a.epm_base > a.epm_size) {
    return SmRefusal{Kind::bad_arguments, "a boundary lies outside the private memory"};
  }
  if (a.runtime_base > a.user_base || a.user_base > a.free_base) {
    return SmRefusal{Kind::bad_arguments, "runtime, eapp and free memory are not in this order"};
  }
  return {};
}

namespace {

// One walk: the state that goes from page to page, through all tables.
class Walk {
 public:
  Walk(const MemoryView& memory, const PageWalkArguments& arguments, const WalkOptions& options,
       const PageVisitor& visit)
      : memory_(memory),
        arguments_(arguments),
        options_(options),
        paging_(paging_of(options.word)),
        visit_(visit) {}

  Result<Refusal> table(std::uint64_t address, unsigned level, std::uint64_t page_number) {
    KEYSTONE_CHECK_OK(count_visit());
    std::array<std::uint8_t, kPageSize> bytes{};
    KEYSTONE_CHECK_OK(memory_.read(address, bytes));
    for (std::size_t i = 0; i < paging_.entries(); ++i) {
      const std::uint64_t entry = paging_.entry_at(bytes, i);
      const std::uint64_t target = paging_.address_in(entry);
      if (entry == 0 || skips(target)) {
        contiguous_ = false;
        continue;
      }
      const std::uint64_t number = page_number << paging_.index_bits | i;
      KEYSTONE_TRY(auto refusal, level == 1 ? leaf(entry, target, paging_.virtual_address(number))
                                            : lower_table(target, level, number));
      if (refusal) {
        return refusal;
      }
    }
    return Refusal();
  }

 private:
  [[nodiscard]] bool in_epm(std::uint64_t address) const {
    return lies_in(address, arguments_.epm_base, arguments_.epm_size);
  }
  [[nodiscard]] bool in_utm(std::uint64_t address) const {
    return lies_in(address, arguments_.utm_base, arguments_.utm_size);
  }

  [[nodiscard]] bool is_foreign(std::uint64_t target) const {
    return !in_epm(target) && !in_utm(target);
  }
  [[nodiscard]] bool skips(std::uint64_t target) const {
    return options_.checks == WalkChecks::skip_foreign && is_foreign(target);
  }

  Status count_visit() {
    if (visits_ == options_.max_pages) {
      return fail(ErrorCode::limit_exceeded, "mapped pages and page tables: got more than " +
                                                 std::to_string(options_.max_pages));
    }
    ++visits_;
    return {};
  }

  Result<Refusal> lower_table(std::uint64_t target, unsigned level, std::uint64_t number) {
    if (options_.checks == WalkChecks::refuse && !in_epm(target)) {
      return Refusal(SmRefusal{Kind::illegal_mapping, "the page table at " + to_hex_number(target) +
                                                          " lies outside the private memory"});
    }
    return table(target, level - 1, number);
  }

  Result<Refusal> leaf(std::uint64_t entry, std::uint64_t target, std::uint64_t virtual_address) {
    if (auto why = why_illegal(entry, target, virtual_address); !why.empty()) {
      return Refusal(SmRefusal{Kind::illegal_mapping, page_text(virtual_address, target) + why});
    }
    KEYSTONE_CHECK_OK(count_visit());
    KEYSTONE_CHECK_OK(visit_({virtual_address, target, !contiguous_}));
    contiguous_ = true;
    return Refusal();
  }

  // The rules for a leaf, in sm/src/enclave.c of keystone v1.0.0 (validate_and_hash_epm).
  std::string why_illegal(std::uint64_t entry, std::uint64_t target, std::uint64_t address) {
    if (options_.checks == WalkChecks::skip_foreign) {
      return {};
    }
    const PageWalkArguments& a = arguments_;
    if (is_foreign(target)) {
      return " lies outside private and untrusted memory";
    }
    const bool in_user = target >= a.user_base && target < a.free_base;
    const bool in_runtime = target >= a.runtime_base && target < a.user_base;
    if (in_user && (entry & kEntryUser) == 0) {
      return " is the eapp's, and not marked as a user page";
    }
    const std::uint64_t window_end = paging_.wrap(a.untrusted_ptr + a.untrusted_size);
    if (address >= a.untrusted_ptr && address < window_end && !in_utm(target)) {
      return " is within the untrusted buffer, and not in untrusted memory";
    }
    if (in_runtime || in_user) {
      std::uint64_t& last = in_runtime ? last_of_runtime_ : last_of_user_;
      if (target <= last) {
        return " is not above the page mapped before it: addresses must ascend in both";
      }
      last = target;
      return {};
    }
    return in_utm(target) ? "" : " belongs to neither runtime nor eapp";
  }

  const MemoryView& memory_;
  const PageWalkArguments& arguments_;
  const WalkOptions& options_;
  const Paging& paging_;
  const PageVisitor& visit_;

  bool contiguous_ = false;
  std::uint64_t visits_ = 0;
  std::uint64_t last_of_runtime_ = 0;
  std::uint64_t last_of_user_ = 0;
};

// Gives pages to a sink, neighbours in memory together.
class PageFeeder {
 public:
  PageFeeder(MeasureSink& sink, const MemoryView& memory, Word word)
      : sink_(sink), memory_(memory), word_(word) {}

  Status page(const WalkedPage& page) {
    const bool continues = !page.starts_range && page.physical_address == start_ + size_;
    if (!continues || size_ == kMostAtOnce) {
      KEYSTONE_CHECK_OK(flush());
      start_ = page.physical_address;
    }
    if (page.starts_range) {
      sink_.word(page.virtual_address, word_);
    }
    size_ += kPageSize;
    return {};
  }

  Status flush() {
    const std::uint64_t size = std::exchange(size_, 0);
    return sink_.bytes(memory_, start_, size);
  }

 private:
  static constexpr std::uint64_t kMostAtOnce = std::uint64_t{128} << 10U;

  MeasureSink& sink_;
  const MemoryView& memory_;
  Word word_;
  std::uint64_t start_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace

Result<std::optional<SmRefusal>> walk_pages(const MemoryView& memory,
                                            const PageWalkArguments& arguments,
                                            const WalkOptions& options, const PageVisitor& visit) {
  const Paging& paging = paging_of(options.word);
  if (options.checks == WalkChecks::refuse) {
    if (auto refusal = check_create_arguments(arguments, options.word)) {
      return refusal;
    }
  }
  return Walk(memory, arguments, options, visit).table(arguments.epm_base, paging.levels, 0);
}

Result<std::optional<SmRefusal>> add_pages(MeasureSink& sink, const MemoryView& memory,
                                           const PageWalkArguments& arguments,
                                           const WalkOptions& options) {
  const Paging& paging = paging_of(options.word);
  for (const std::uint64_t value : {arguments.runtime_entry, arguments.user_entry,
                                    arguments.untrusted_ptr, arguments.untrusted_size}) {
    sink.word(paging.wrap(value), options.word);
  }
  PageFeeder feeder(sink, memory, options.word);
  KEYSTONE_TRY(auto refusal, walk_pages(memory, arguments, options,
                                        [&](const WalkedPage& page) { return feeder.page(page); }));
  if (!refusal) {
    KEYSTONE_CHECK_OK(feeder.flush());
  }
  return refusal;
}

Result<std::variant<EnclaveHash, SmRefusal>> measure_pages(const MemoryView& memory,
                                                           const PageWalkArguments& arguments,
                                                           const WalkOptions& options) {
  KEYSTONE_TRY(auto measurer, Measurer::create());
  KEYSTONE_TRY(auto refusal, add_pages(measurer, memory, arguments, options));
  if (refusal) {
    return std::variant<EnclaveHash, SmRefusal>(*std::move(refusal));
  }
  return std::variant<EnclaveHash, SmRefusal>(EnclaveHash(std::move(measurer).finish().bytes()));
}

}  // namespace keystone
