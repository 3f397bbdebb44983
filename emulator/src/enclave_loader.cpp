// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/enclave_loader.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace keystone {
namespace {

constexpr std::uint64_t kPiece = std::uint64_t{128} << 10U;
constexpr std::uint64_t kFreeMemory = std::uint64_t{1} << 20U;
constexpr std::uint64_t kMost = std::uint64_t{1} << 62U;  // so that what is rounded up fits

Status copy(const MemoryView& from, std::uint64_t from_address, std::uint64_t size,
            PhysicalMemory& to, std::uint64_t to_address) {
  std::vector<std::uint8_t> buffer(narrow<std::size_t>(std::min(size, kPiece)));
  for (std::uint64_t at = 0; at < size; at += kPiece) {
    const auto piece = std::span(buffer).first(narrow<std::size_t>(std::min(size - at, kPiece)));
    KEYSTONE_CHECK_OK(from.read(from_address + at, piece));
    KEYSTONE_CHECK_OK(to.write(to_address + at, piece));
  }
  return {};
}

// The size of the private memory; the placement is checked against it.
Result<std::uint64_t> private_size(const LoaderPlacement& placement, std::uint64_t image_size) {
  if (image_size > placement.max_memory) {
    return fail(ErrorCode::limit_exceeded, "enclave: got " + std::to_string(image_size) +
                                               " bytes, want at most " +
                                               std::to_string(placement.max_memory));
  }
  const std::uint64_t needed = std::min(image_size, kMost) + kFreeMemory;
  const std::uint64_t size = placement.epm_size.value_or(std::bit_ceil(needed));
  const bool is_aligned = ((placement.epm_base | size) % kPageSize) == 0;
  if (!is_aligned || size < image_size || !checked_add(placement.epm_base, size)) {
    return fail(ErrorCode::usage, "private memory: got " + to_hex_number(size) + " bytes at " +
                                      to_hex_number(placement.epm_base) +
                                      ", want whole pages of the address space, at least " +
                                      to_hex_number(image_size));
  }
  return size;
}

}  // namespace

PageWalkPlacement page_walk_placement() {
  PageWalkPlacement placement;
  placement.epm_base = kEnclaveBase;
  placement.utm_base = kUntrustedBase;
  return placement;
}

Result<CreateArguments> load_enclave(const EnclaveImage& image, const LoaderPlacement& placement,
                                     PhysicalMemory& memory) {
  const LoaderWindow& window = image.window;
  const std::uint64_t image_size = window.free_base - window.dram_base;
  KEYSTONE_TRY(const auto epm_size, private_size(placement, image_size));
  KEYSTONE_CHECK_OK(memory.check_present(placement.epm_base, epm_size));
  memory.clear(placement.epm_base, epm_size);
  KEYSTONE_CHECK_OK(copy(image.memory, window.dram_base, image_size, memory, placement.epm_base));
  CreateArguments arguments{};
  arguments.epm_base = placement.epm_base;
  arguments.epm_size = epm_size;
  arguments.utm_base = placement.utm_base;
  arguments.utm_size = placement.utm_size;
  arguments.runtime_base = placement.epm_base + (window.runtime_base - window.dram_base);
  arguments.user_base = placement.epm_base + (window.user_base - window.dram_base);
  arguments.free_base = placement.epm_base + image_size;
  return arguments;
}

Result<CreateArguments> load_enclave(const PageWalkImage& image, PhysicalMemory& memory) {
  const CreateArguments& arguments = image.arguments();
  KEYSTONE_CHECK_OK(memory.check_present(arguments.epm_base, arguments.epm_size));
  memory.clear(arguments.epm_base, arguments.epm_size);
  KEYSTONE_CHECK_OK(copy(image.memory(), arguments.epm_base,
                         arguments.free_base - arguments.epm_base, memory, arguments.epm_base));
  return arguments;
}

}  // namespace keystone
