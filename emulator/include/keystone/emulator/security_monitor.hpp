// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/boot.hpp"
#include "keystone/emulator/physical_memory.hpp"
#include "keystone/emulator/secret_bytes.hpp"
#include "keystone/emulator/sm_code.hpp"
#include "keystone/measure/page_walk.hpp"
#include "keystone/report/report.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <variant>

namespace keystone {

// The number by which host and monitor name an enclave: 0 to 15, the lowest that is free.
using EnclaveId = std::size_t;

// The arguments of the create call. Those of the loader scheme are the first seven;
// runtime_entry to untrusted_size are of the page walk and ignored otherwise.
using CreateArguments = PageWalkArguments;

// Fills the bytes with randomness; fill_random() of crypto/random.hpp does.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;

// A Security Monitor of Keystone in software: the calls of its SBI extension 0x08424b45, with the
// states and the codes of the genuine one (v1.0 and later; keystone 88c49ee). It runs no RISC-V
// code: the caller says what the host and the enclaves would ask for. Deterministic; not
// thread-safe.
//
// Where a platform has no root of trust (BootRom), its zeros are answered. Reports have zeros
// behind their data, where genuine ones leak the monitor's stack.
//
// Limits: one measurement visits at most Options::max_pages pages and page tables, so no create
// call takes longer than some seconds for each GiB of its enclave. A real machine has few PMP
// registers and runs out of them (pmp_failure) before kMaxEnclaves; this one does not.
class SecurityMonitor {
 public:
  static constexpr std::size_t kMaxEnclaves = 16;      // ENCL_MAX, sm/src/enclave.c
  static constexpr std::size_t kMaxKeyIdent = 1024;    // bytes; ours: upstream has no limit
  static constexpr std::size_t kSealingKeySize = 128;  // bytes, SEALING_KEY_SIZE

  struct Options {
    Word word = Word::bits64;
    Scheme scheme = Scheme::loader;
    // Of the page walk. skip_foreign makes it a monitor of v0.1 or v0.2: entries that lead out of
    // the enclave's memory count as empty (a genuine one also overwrites them with zeros, here the
    // tables stay as they are), the boundaries are not checked, and the untrusted memory is not
    // cleared, so that what is in it is measured.
    WalkChecks checks = WalkChecks::refuse;
    // Miralis' monitor has no attest and no sealing key: not_implemented.
    bool attests = true;
    // Where the monitor itself lies, SMM_BASE and SMM_SIZE of sm/src/sm.h: no enclave may.
    std::uint64_t own_base = 0x80000000;
    std::uint64_t own_size = 0x200000;
    std::uint64_t max_pages = std::uint64_t{1} << 21U;  // and tables, that one measurement visits
  };

  // `memory` must outlive the monitor. Requires that the monitor's own region does not wrap.
  SecurityMonitor(BootedSm booted, PhysicalMemory& memory, const Options& options);

  [[nodiscard]] const SmIdentity& identity() const { return booted_.identity; }

  // --- calls of the host --------------------------------------------------------------------

  struct Created {
    SmCode code;
    EnclaveId id;                     // with success
    std::optional<EnclaveHash> hash;  // with success
  };
  // In this order: checks the arguments (illegal_argument), takes a slot (no_free_resource), has
  // both regions protected (pmp_failure), clears the untrusted memory, measures (illegal_pte). Of
  // what the protection cannot hold: what meets the monitor, another enclave or the other region;
  // what is not whole pages; untrusted memory that is not a power of two in size and aligned to it.
  //
  // An Error, and no enclave, for arguments that the machine's words cannot hold (`usage`), for
  // more than max_pages (`limit_exceeded`), and for memory that is not there, where a genuine
  // machine would trap (`malformed`).
  [[nodiscard]] Result<Created> create(const CreateArguments& arguments);

  // Zeroes the private memory. Not the untrusted: that is the host's.
  SmCode destroy(EnclaveId id);
  SmCode run(EnclaveId id);
  SmCode resume(EnclaveId id);

  // --- calls of an enclave -------------------------------------------------------------------

  enum class StopReason : std::uint8_t { timer_interrupt, edge_call };
  // What the host's run or resume returns with then.
  SmCode stop(EnclaveId id, StopReason reason);
  SmCode exit(EnclaveId id);

  struct Attested {
    SmCode code;
    std::optional<Report> report;  // with success: fixed, canonical
  };
  // An Error when the hash function cannot run.
  [[nodiscard]] Result<Attested> attest(EnclaveId id, ByteView data) const;
  // As attest(), with the data read from and the report written to memory: physical addresses. The
  // monitor reads and writes with the enclave's rights, so both must lie in its own private and
  // untrusted memory: else not_accessible for the data, illegal_argument for the report, of which
  // then nothing is written.
  [[nodiscard]] Result<Attested> attest_in_memory(EnclaveId id, std::uint64_t report_at,
                                                  std::uint64_t data_at, std::uint64_t size);

  struct Sealed {
    SmCode code;
    SecretBytes key;                     // kSealingKeySize bytes with success, else none
    std::optional<Signature> signature;  // with success: the monitor's, over the key
  };
  // illegal_argument above kMaxKeyIdent; an Error when the hash function cannot run.
  [[nodiscard]] Result<Sealed> sealing_key(EnclaveId id, ByteView key_ident) const;

  // A word of randomness, from where the caller says.
  [[nodiscard]] std::uint64_t random(const RandomSource& source) const;

  // --- any call by its number ----------------------------------------------------------------

  // Whether the monitor has such a call for the caller: success, or the code with which it answers
  // numbers that it does not know and calls from the wrong side. Sides go by range, whether there
  // is such a call or not: 2000 to 2999 are the host's, 3000 to 3999 an enclave's.
  [[nodiscard]] static SmCode check_call(std::uint64_t function_id, bool from_enclave);

 private:
  // The genuine one has two more, `destroying` and `allocated`, which nobody sees between calls.
  enum class State : std::uint8_t { invalid, fresh, stopped, running };
  struct Enclave {
    State state = State::invalid;
    CreateArguments arguments{};
    std::optional<EnclaveHash> hash;
  };

  [[nodiscard]] const Enclave* find(EnclaveId id) const;
  [[nodiscard]] Enclave* find(EnclaveId id);
  [[nodiscard]] bool is_free(std::uint64_t base, std::uint64_t size) const;
  [[nodiscard]] SmCode check_regions(const CreateArguments& arguments) const;
  // The hash, or the code with which the monitor refuses.
  using Measured = std::variant<EnclaveHash, SmCode>;
  [[nodiscard]] Result<Measured> measure(const CreateArguments& arguments) const;
  [[nodiscard]] Result<Measured> measure_loader_scheme(const CreateArguments& arguments) const;
  [[nodiscard]] bool may_access(const Enclave& enclave, std::uint64_t address,
                                std::uint64_t size) const;
  [[nodiscard]] bool answers_zeros() const { return booted_.boot_rom == BootRom::none_all_zero; }
  [[nodiscard]] SmCode check_attest(EnclaveId id, std::uint64_t size) const;
  [[nodiscard]] Result<Report> make_report(const Enclave& enclave, ByteView data) const;

  BootedSm booted_;
  PhysicalMemory& memory_;
  Options options_;
  std::array<Enclave, kMaxEnclaves> enclaves_;
};

// The report with its unsigned tail filled from `seed`, for tests of who reads reports: genuine
// monitors leave uninitialised memory there.
[[nodiscard]] Result<Report> with_dirty_tail(const Report& report, std::uint64_t seed);

}  // namespace keystone
