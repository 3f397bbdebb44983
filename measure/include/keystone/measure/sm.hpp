// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/platform.hpp"

#include <cstdint>
#include <string>
#include <vector>

// From a firmware image to the hash that the boot ROM reports for the Security Monitor in it:
//   firmware file --lay_out_sm()--> SmImage --measure_sm()--> SmHash
namespace keystone {

// The measured window with the firmware in it, and what is known of it.
struct SmImage {
  SmWindow window;
  RegionMemory memory;       // the window is mapped whole
  bool from_elf;             // laid out from an ELF file's segments, not taken as a flat image
  std::uint64_t image_size;  // bytes of the flat image, beyond the window too
  std::vector<std::string> warnings;  // what looks like a mistake; measured all the same
  std::vector<std::string> notes;     // what was cut or filled
};

// Lays the firmware out in `window`: a flat image from its base on, or an ELF file's PT_LOAD
// segments at their physical addresses with zeros between them. What lies beyond the window is not
// in it; what the image does not reach holds the window's fill byte. `firmware` must outlive the
// result. Fails with `malformed` for an empty file, a measured part that is all zero, and an ELF
// file whose segments overlap, wrap, lie below the window's base or outside the file.
[[nodiscard]] Result<SmImage> lay_out_sm(const ByteSource& firmware, const SmWindow& window);

// The hash that the boot ROM computes over the window.
[[nodiscard]] Result<SmHash> measure_sm(const SmImage& image);

// What this hash does not cover, a sentence each.
[[nodiscard]] std::span<const std::string_view> not_measured_in_sm();

}  // namespace keystone
