// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/measure/byte_source.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "keystone/measure/platform.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Which way of measuring gives a hash that was seen: profiles and parameters that users get wrong,
// tried one by one.
namespace keystone {

// One way that was tried.
struct Attempt {
  std::string profile;      // or the platform's name; empty for a window that is no platform's
  std::string description;  // what is different from the defaults, such as `stack size 0`, if any
  // The command line options that give this hash, beside the files: for files that the description
  // swaps, cuts or strips, those are to be given so.
  std::string options;
};

// One that gives no hash.
struct RefusedAttempt {
  Attempt attempt;
  std::string why;
};

// Told before each attempt: how many are done, and of how many. Returning false ends the search
// without a match. May be empty.
using AttemptProgress = std::function<bool(std::size_t done, std::size_t total)>;

struct DiagnoseInputs {
  const ByteSource& eapp;
  const ByteSource& runtime;
  const ByteSource* loader = nullptr;  // profiles that need one are left out without it
};

struct EnclaveDiagnosis {
  std::optional<Attempt> match;
  // Hashes that were compared. Ways that measure the same bytes give one: it bears the name of the
  // first of them.
  std::size_t attempts;
  // What a host or a monitor refuses, the first for each profile and reason.
  std::vector<RefusedAttempt> refused;
};

// The most ways that one search tries.
inline constexpr std::size_t kMaxAttempts = 512;

// Tries, in this order, each for every profile that knows it (RV32 and RV64, with a loader where
// there is one):
//   1. the defaults; the profiles that are told the eapp's entry get that of the file
//   2. the loader as a raw file
//   3. of the loader scheme, which measures whole files: the eapp, the runtime or both stripped, as
//      GNU `strip` and `strip -g` 2.40 do it (files up to 64 MiB, held in memory); for the Rust SDK
//      also the loader. What a page walk measures strip leaves alone. The other way round, from
//      a stripped file to the one that it came of, is not possible
//   4. eapp stacks of 0, 8 KiB, 16 KiB, 64 KiB, 256 KiB and 1 MiB; where the host makes the
//      runtime's stack as well, also both of that size
//   5. untrusted sizes from a page to 4 MiB in powers of two
//   6. eapp and runtime swapped
//   7. the eapp's entry 0, where it is told
//   8. all pairs of 4 and 5
// Page walks are laid out with more free memory, which is not measured, where the default is too
// little. Stops at the first that gives `seen`. Each distinct stream of bytes is hashed once. Fails
// with the sources' own Errors: that no way gives the hash, or none is possible, is an answer.
[[nodiscard]] Result<EnclaveDiagnosis> diagnose_enclave(const DiagnoseInputs& inputs,
                                                        const EnclaveHash& seen,
                                                        const AttemptProgress& progress);

struct SmDiagnosis {
  std::optional<Attempt> match;
  std::size_t attempts;                 // hashes that were compared
  std::vector<RefusedAttempt> refused;  // windows in which the image cannot be laid out
};

// Tries every platform's window whose base and size are known, that of Keystone v0.1 and, for an
// ELF file, windows from its lowest segment on; in each, in this order:
//   1. the image as it is
//   2. of an ELF file: the file itself as a flat image
//   3. the image without a payload: without its last segment (ELF), without what lies behind the
//      last gap of zero pages, and without what lies at 2 MiB and above
//   4. the image without its last, incomplete block of 512 bytes, 4 KiB, 64 KiB or 1 MiB
//   5. the first 64, 128, 256 and 512 KiB and 1 MiB of the image
// Stops at the first that gives `seen`. Fails with the source's own Errors.
[[nodiscard]] Result<SmDiagnosis> diagnose_sm(const ByteSource& image, const SmHash& seen,
                                              const AttemptProgress& progress);

}  // namespace keystone
