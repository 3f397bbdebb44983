// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/emulator/physical_memory.hpp"
#include "keystone/emulator/security_monitor.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/measure/page_walk_image.hpp"

#include <cstdint>
#include <optional>

// The host's part in the creation of an enclave: its memory, and what is said of it.
//   EnclaveImage or PageWalkImage --load_enclave()--> CreateArguments --create()--> an enclave
//
// A host here can write anywhere: load before the create call, and not over an enclave that exists.
namespace keystone {

// Where an enclave can lie on every platform: behind the monitor, and apart from each other.
inline constexpr std::uint64_t kEnclaveBase = 0x90000000;    // private memory
inline constexpr std::uint64_t kUntrustedBase = 0x88000000;  // aligned for any untrusted size

// The same for an image of the page walk, whose place is chosen when it is laid out.
[[nodiscard]] PageWalkPlacement page_walk_placement();

// Where an enclave of the loader scheme lies, in bytes. The hash does not depend on it.
struct LoaderPlacement {
  std::uint64_t epm_base = kEnclaveBase;
  // Absent: the image and a mebibyte of free memory, rounded up to a power of two.
  std::optional<std::uint64_t> epm_size{};
  std::uint64_t utm_base = kUntrustedBase;
  std::uint64_t utm_size = 8192;
  // The most that an image may take: what a big file can ask for.
  std::uint64_t max_memory = std::uint64_t{4} << 30U;
};

// Zeroes the enclave's private memory and copies the image there, a piece at a time; answers what
// the host then tells the monitor. Whether the monitor takes it is the monitor's to say.
//
// `usage` for a placement that is not page-aligned, wraps around or is smaller than the image;
// `limit_exceeded` for an image above max_memory; `malformed` where there is no memory; and the
// Errors of the image's sources. In the last two cases a part may have been written.
[[nodiscard]] Result<CreateArguments> load_enclave(const EnclaveImage& image,
                                                   const LoaderPlacement& placement,
                                                   PhysicalMemory& memory);

// The same for an image of the page walk, at the addresses for which it was laid out.
[[nodiscard]] Result<CreateArguments> load_enclave(const PageWalkImage& image,
                                                   PhysicalMemory& memory);

}  // namespace keystone
