// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/security_monitor.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/measure/enclave.hpp"

#include <algorithm>
#include <bit>

namespace keystone {
namespace {

// Requires that neither wraps.
bool overlaps(std::uint64_t a, std::uint64_t a_size, std::uint64_t b, std::uint64_t b_size) {
  return a_size != 0 && b_size != 0 && a < b + b_size && b < a + a_size;
}

bool is_region(std::uint64_t base, std::uint64_t size) {
  return size != 0 && checked_add(base, size) && (base | size) % kPageSize == 0;
}

// Untrusted memory shares the last PMP register, which takes no other form (PMP_PRI_BOTTOM in
// sm/src/pmp.c of keystone 88c49ee).
bool is_naturally_aligned(std::uint64_t base, std::uint64_t size) {
  return std::has_single_bit(size) && base % size == 0;
}

Status check_words(const CreateArguments& a, Word word) {
  const std::uint64_t all = a.epm_base | a.epm_size | a.utm_base | a.utm_size | a.runtime_base |
                            a.user_base | a.free_base | a.runtime_entry | a.user_entry |
                            a.untrusted_ptr | a.untrusted_size;
  if (word == Word::bits32 && all > UINT32_MAX) {
    return fail(ErrorCode::usage, "create: got a number above 0xffffffff, want words of 32 bits");
  }
  return {};
}

// How many pages are hashed of a region of the loader scheme.
std::uint64_t steps_between(std::uint64_t begin, std::uint64_t end) {
  return (end - begin) / kPageSize + ((end - begin) % kPageSize != 0 ? 1 : 0);
}

}  // namespace

SecurityMonitor::SecurityMonitor(BootedSm booted, PhysicalMemory& memory, const Options& options)
    : booted_(std::move(booted)), memory_(memory), options_(options) {
  KEYSTONE_ASSERT(checked_add(options_.own_base, options_.own_size));
}

const SecurityMonitor::Enclave* SecurityMonitor::find(EnclaveId id) const {
  return id < enclaves_.size() && enclaves_[id].state != State::invalid ? &enclaves_[id] : nullptr;
}

SecurityMonitor::Enclave* SecurityMonitor::find(EnclaveId id) {
  return const_cast<Enclave*>(std::as_const(*this).find(id));
}

// Whether nobody's memory is there.
bool SecurityMonitor::is_free(std::uint64_t base, std::uint64_t size) const {
  return !overlaps(base, size, options_.own_base, options_.own_size) &&
         std::none_of(enclaves_.begin(), enclaves_.end(), [&](const Enclave& enclave) {
           const CreateArguments& other = enclave.arguments;
           return enclave.state != State::invalid &&
                  (overlaps(base, size, other.epm_base, other.epm_size) ||
                   overlaps(base, size, other.utm_base, other.utm_size));
         });
}

SmCode SecurityMonitor::check_regions(const CreateArguments& a) const {
  const bool can_be_held = is_region(a.epm_base, a.epm_size) && is_region(a.utm_base, a.utm_size) &&
                           is_naturally_aligned(a.utm_base, a.utm_size);
  const bool are_free = can_be_held && is_free(a.epm_base, a.epm_size) &&
                        is_free(a.utm_base, a.utm_size) &&
                        !overlaps(a.epm_base, a.epm_size, a.utm_base, a.utm_size);
  return are_free ? SmCode::success : SmCode::pmp_failure;
}

Result<SecurityMonitor::Measured> SecurityMonitor::measure_loader_scheme(
    const CreateArguments& a) const {
  const std::uint64_t pages = steps_between(a.epm_base, a.runtime_base) +
                              steps_between(a.runtime_base, a.user_base) +
                              steps_between(a.user_base, a.free_base);
  if (pages > options_.max_pages) {
    return fail(ErrorCode::limit_exceeded, "measured pages: got " + std::to_string(pages) +
                                               ", want at most " +
                                               std::to_string(options_.max_pages));
  }
  KEYSTONE_TRY(const auto hash,
               measure_window(memory_, {a.epm_base, a.runtime_base, a.user_base, a.free_base},
                              options_.word));
  return Measured(hash);
}

Result<SecurityMonitor::Measured> SecurityMonitor::measure(const CreateArguments& a) const {
  if (options_.scheme == Scheme::loader) {
    return measure_loader_scheme(a);
  }
  WalkOptions walk;
  walk.word = options_.word;
  walk.checks = options_.checks;
  walk.max_pages = options_.max_pages;
  KEYSTONE_TRY(const auto answer, measure_pages(memory_, a, walk));
  if (const auto* const refusal = std::get_if<SmRefusal>(&answer)) {
    return Measured(refusal->kind == SmRefusal::Kind::illegal_mapping ? SmCode::illegal_pte
                                                                      : SmCode::illegal_argument);
  }
  return Measured(std::get<EnclaveHash>(answer));
}

Result<SecurityMonitor::Created> SecurityMonitor::create(const CreateArguments& arguments) {
  KEYSTONE_CHECK_OK(check_words(arguments, options_.word));
  const bool is_old =
      options_.scheme == Scheme::page_walk && options_.checks == WalkChecks::skip_foreign;
  if (!is_old && check_create_arguments(arguments, options_.word)) {
    return Created{SmCode::illegal_argument, 0, {}};
  }
  const auto slot = std::find_if(enclaves_.begin(), enclaves_.end(), [](const Enclave& enclave) {
    return enclave.state == State::invalid;
  });
  if (slot == enclaves_.end()) {
    return Created{SmCode::no_free_resource, 0, {}};
  }
  if (const SmCode code = check_regions(arguments); code != SmCode::success) {
    return Created{code, 0, {}};
  }
  KEYSTONE_CHECK_OK(memory_.check_present(arguments.epm_base, arguments.epm_size));
  KEYSTONE_CHECK_OK(memory_.check_present(arguments.utm_base, arguments.utm_size));
  if (!is_old) {
    memory_.clear(arguments.utm_base, arguments.utm_size);
  }
  KEYSTONE_TRY(const auto measured, measure(arguments));
  if (const auto* const code = std::get_if<SmCode>(&measured)) {
    return Created{*code, 0, {}};
  }
  const EnclaveHash hash = answers_zeros() ? EnclaveHash(std::array<std::uint8_t, 64>{})
                                           : std::get<EnclaveHash>(measured);
  *slot = Enclave{State::fresh, arguments, hash};
  return Created{SmCode::success, static_cast<EnclaveId>(slot - enclaves_.begin()), hash};
}

}  // namespace keystone
