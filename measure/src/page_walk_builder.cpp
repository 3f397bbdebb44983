// SPDX-License-Identifier: Apache-2.0
#include "extract.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "page_walk_layout.hpp"
#include "segment_loader.hpp"

#include <algorithm>
#include <utility>

namespace keystone {
namespace {

// What looks like a mistake of whoever built the file; empty: nothing.
std::string mistake_in(const HostElf& elf, const ProfileInfo& row) {
  if (elf.machine != kElfMachineRiscv) {
    return "an ELF file for machine " + std::to_string(elf.machine) + ", not for RISC-V (" +
           std::to_string(kElfMachineRiscv) + ")";
  }
  const bool is_64 = elf.elf_class == ElfClass::elf64;
  if (is_64 != (row.word == Word::bits64)) {
    return std::string(is_64 ? "a 64-bit" : "a 32-bit") + " program, but profile " +
           std::string(row.name) + " is for " + (is_64 ? "32-bit" : "64-bit") + " machines";
  }
  return {};
}

// The enclave while it is put together.
class Builder {
 public:
  Builder(const PageWalkInputs& inputs, const PageWalkRules& rules,
          const PageWalkParameters& parameters, const PageWalkPlacement& placement)
      : inputs_(inputs),
        rules_(rules),
        parameters_(parameters),
        placement_(placement),
        paging_(paging_of(info(rules.profile).word)),
        budget_(placement.max_memory / kPageSize) {}

  Result<PageWalkImage> build() {
    KEYSTONE_CHECK_OK(check_parameters(parameters_, rules_));
    KEYSTONE_TRY(const auto runtime, named("runtime", read_host_elf(inputs_.runtime, rules_.elf)));
    KEYSTONE_TRY(const auto eapp, named("eapp", read_host_elf(inputs_.eapp, rules_.elf)));
    KEYSTONE_CHECK_OK(rules_.driver_loads ? load_by_driver(runtime, eapp)
                                          : load_by_sdk(runtime, eapp));
    KEYSTONE_CHECK_OK(map_untrusted());
    a_.free_base = pages_->next_free();
    a_.untrusted_ptr = parameters_.untrusted_ptr;
    a_.untrusted_size = parameters_.untrusted_size;
    return PageWalkImage(rules_.profile, std::move(pages_), a_, warnings(runtime, eapp));
  }

 private:
  // Takes the memory for `pages` pages beside the free memory.
  Status take_memory(std::uint64_t pages) {
    KEYSTONE_TRY(const auto regions, place(rules_, parameters_, placement_, pages));
    a_.epm_base = regions.epm.base;
    a_.epm_size = regions.epm.size;
    a_.utm_base = regions.utm.base;
    a_.utm_size = regions.utm.size;
    pages_ = std::make_unique<EnclavePages>(paging_, regions.epm, regions.utm);
    KEYSTONE_TRY(mapper_, PageMapper::create(paging_, rules_.entries, *pages_));
    return {};
  }

  Status load(const HostElf& elf, PageRole role) {
    const bool is_runtime = role == PageRole::runtime;
    SegmentLoader loader(rules_, paging_, *mapper_, budget_);
    KEYSTONE_CHECK_OK(named(to_string(role),
                            loader.load(elf, is_runtime ? inputs_.runtime : inputs_.eapp, role)));
    if (loader.lost_bytes()) {
      const bool keeps = rules_.on_file_page == OnMapped::keep;
      losses_.push_back(std::string(to_string(role)) +
                        ": a segment lies on a page that another one has: of the page, only what " +
                        (keeps ? "the first" : "the last") + " put there is in the enclave");
    }
    return {};
  }

  Status load_by_sdk(const HostElf& runtime, const HostElf& eapp) {
    KEYSTONE_TRY(const auto runtime_span, named("runtime", span_of(runtime, paging_)));
    KEYSTONE_TRY(const auto eapp_span, named("eapp", span_of(eapp, paging_)));
    KEYSTONE_CHECK_OK(take_memory(runtime_span.size / kPageSize + eapp_span.size / kPageSize));
    KEYSTONE_TRY(const auto runtime_start, load_in_span(runtime, runtime_span, PageRole::runtime));
    KEYSTONE_TRY(const auto eapp_start, load_in_span(eapp, eapp_span, PageRole::eapp));
    KEYSTONE_TRY(a_.runtime_base, named("runtime", base_of(runtime_span, runtime_start)));
    KEYSTONE_TRY(a_.user_base, named("eapp", base_of(eapp_span, eapp_start)));
    a_.runtime_entry = runtime.entry;
    a_.user_entry = eapp.entry;
    return map_stack(kStackTop, parameters_.stack_size, PageRole::stack);
  }

  // Answers the first page behind the tables that the file's span needs.
  Result<std::uint64_t> load_in_span(const HostElf& elf, const VirtualSpan& span, PageRole role) {
    KEYSTONE_CHECK_OK(mapper_->reserve_tables(span.first, span.size / kPageSize));
    const std::uint64_t start = pages_->next_free();
    KEYSTONE_CHECK_OK(load(elf, role));
    return start;
  }

  // Where a file's memory starts for the monitor.
  [[nodiscard]] Result<std::uint64_t> base_of(const VirtualSpan& span, std::uint64_t start) const {
    if (!rules_.bases_by_mapping) {
      return start;
    }
    if (const auto page = mapper_->find(span.first)) {
      return *page;
    }
    return fail(ErrorCode::malformed, "nothing is mapped at the lowest address " +
                                          to_hex_number(span.first) +
                                          ": the security monitor refuses the enclave (code " +
                                          std::to_string(rules_.bad_arguments) + ")");
  }

  Status load_by_driver(const HostElf& runtime, const HostElf& eapp) {
    KEYSTONE_CHECK_OK(
        take_memory(pages_of(inputs_.runtime.size()) + pages_of(parameters_.runtime_stack) +
                    pages_of(inputs_.eapp.size()) + pages_of(parameters_.stack_size)));
    a_.runtime_base = pages_->next_free();
    KEYSTONE_CHECK_OK(load(runtime, PageRole::runtime));
    KEYSTONE_CHECK_OK(map_stack(0, parameters_.runtime_stack, PageRole::runtime_stack));
    a_.user_base = pages_->next_free();
    KEYSTONE_CHECK_OK(map_stack_below(runtime));
    KEYSTONE_CHECK_OK(load(eapp, PageRole::eapp));
    a_.runtime_entry = parameters_.runtime_entry;
    a_.user_entry = *parameters_.user_entry;
    return {};
  }

  // The eapp's stack of v0.1 and v0.2, which ends at the runtime's lowest address. Where that would
  // be below the address 0, there is none.
  Status map_stack_below(const HostElf& runtime) {
    std::uint64_t lowest = UINT64_MAX;
    for (const ElfSegment& segment : runtime.segments) {
      if (segment.type == kSegmentLoad) {
        lowest = std::min(lowest, segment.vaddr);
      }
    }
    const bool wraps = pages_of(parameters_.stack_size) > lowest / kPageSize;
    return wraps ? Status() : map_stack(lowest & ~kInPage, parameters_.stack_size, PageRole::stack);
  }

  // Zero pages below `top`, which is a page's address.
  Status map_stack(std::uint64_t top, std::uint64_t size, PageRole role) {
    PageContent zeros;
    zeros.role = role;
    std::uint64_t address = paging_.wrap(top - size) & ~kInPage;
    for (std::uint64_t count = pages_of(size); count > 0; --count) {
      KEYSTONE_CHECK_OK(mapper_->map(address, zeros, rules_.on_other_page));
      address = paging_.wrap(address + kPageSize);
    }
    return {};
  }

  // A window that wraps around the address space is empty.
  Status map_untrusted() {
    const std::uint64_t first = parameters_.untrusted_ptr & ~kInPage;
    const std::uint64_t end_byte = parameters_.untrusted_ptr + parameters_.untrusted_size;
    const std::uint64_t end = paging_.wrap((end_byte + kInPage) & ~kInPage);
    std::uint64_t physical = a_.utm_base;
    for (std::uint64_t address = first; address < end; address += kPageSize) {
      if (rules_.driver_loads && physical - a_.utm_base == a_.utm_size) {
        return undefined("the untrusted buffer at " + to_hex_number(parameters_.untrusted_ptr) +
                         " takes more pages than the driver has for it");
      }
      KEYSTONE_TRY(const bool taken,
                   mapper_->map_untrusted(address, physical, rules_.on_other_page));
      physical += taken ? kPageSize : 0;
    }
    return {};
  }

  [[nodiscard]] std::vector<std::string> warnings(const HostElf& runtime,
                                                  const HostElf& eapp) const {
    std::vector<std::string> warnings = losses_;
    for (const auto& [role, elf] : {std::pair("runtime", &runtime), std::pair("eapp", &eapp)}) {
      if (const auto mistake = mistake_in(*elf, info(rules_.profile)); !mistake.empty()) {
        warnings.push_back(role + (": " + mistake));
      }
    }
    if (rules_.driver_loads) {
      warnings.emplace_back(
          "untrusted memory is taken as zeros; this monitor measures what the kernel left there");
    }
    return warnings;
  }

  const PageWalkInputs& inputs_;
  const PageWalkRules& rules_;
  const PageWalkParameters& parameters_;
  const PageWalkPlacement& placement_;
  const Paging& paging_;
  std::uint64_t budget_;
  PageWalkArguments a_{};
  std::unique_ptr<EnclavePages> pages_;
  std::optional<PageMapper> mapper_;
  std::vector<std::string> losses_;
};

}  // namespace

Result<PageWalkImage> lay_out(const PageWalkInputs& inputs, Profile profile,
                              const PageWalkParameters& parameters,
                              const PageWalkPlacement& placement) {
  return Builder(inputs, rules_of(profile), parameters, placement).build();
}

}  // namespace keystone
