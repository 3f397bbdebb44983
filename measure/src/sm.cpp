// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/sm.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "keystone/measure/elf.hpp"
#include "keystone/measure/measured_stream.hpp"
#include "keystone/measure/measurer.hpp"

#include <algorithm>
#include <array>

namespace keystone {
namespace {

constexpr std::array<std::string_view, 3> kNotMeasuredInSm = {
    "what lies beyond the measured window, such as a kernel behind the firmware",
    "the device tree, and memory that firmware writes after it has started",
    "the boot ROM and the device key themselves",
};

// Bytes of the file that belong at an address.
struct Chunk {
  std::uint64_t address;
  FileRange file;
};

std::string in_hex(std::uint64_t from, std::uint64_t to) {
  return to_hex_number(from) + " to " + to_hex_number(to);
}

// The PT_LOAD segments with bytes in the file, by address.
Result<std::vector<Chunk>> chunks_of_elf(const ElfView& elf, const ByteSource& firmware,
                                         const SmWindow& window) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < elf.segments().size(); ++i) {
    const ElfSegment& segment = elf.segments()[i];
    if (segment.type != kSegmentLoad || segment.filesz == 0) {
      continue;
    }
    const std::string name = "segment " + std::to_string(i);
    KEYSTONE_TRY(const auto range, contents_of(segment, firmware.size(), name));
    if (!checked_add(segment.paddr, segment.filesz)) {
      return fail(ErrorCode::malformed, name + ": wraps around the address space");
    }
    if (segment.paddr < window.base) {
      return fail(ErrorCode::malformed,
                  name + ": got physical address " + to_hex_number(segment.paddr) +
                      ", want at least " + to_hex_number(window.base) + ", where the window starts",
                  "if the firmware is linked there, measure the flat image (.bin)");
    }
    chunks.push_back({segment.paddr, range});
  }
  std::sort(chunks.begin(), chunks.end(),
            [](const Chunk& a, const Chunk& b) { return a.address < b.address; });
  return chunks;
}

Status check_no_overlap(const std::vector<Chunk>& chunks) {
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    const Chunk& before = chunks[i - 1];
    const std::uint64_t end = before.address + before.file.size;
    if (chunks[i].address < end) {
      return fail(ErrorCode::malformed,
                  "segments overlap: " + in_hex(before.address, end) + " and " +
                      in_hex(chunks[i].address, chunks[i].address + chunks[i].file.size));
    }
  }
  return {};
}

// The part of `size` bytes at `address` that lies in the window, in bytes from `address`.
std::uint64_t inside(const SmWindow& window, std::uint64_t address, std::uint64_t size) {
  const std::uint64_t offset = address - window.base;
  return offset >= window.size ? 0 : std::min(size, window.size - offset);
}

// Maps the window: the chunks, zeros between them, and the fill byte behind the last.
Status map_window(SmImage& image, const ByteSource& firmware, const std::vector<Chunk>& chunks) {
  const SmWindow& window = image.window;
  std::uint64_t next = window.base;
  for (const Chunk& chunk : chunks) {
    const std::uint64_t gap = inside(window, next, chunk.address - next);
    KEYSTONE_CHECK_OK(image.memory.add_fill(next, gap, 0));
    const std::uint64_t taken = inside(window, chunk.address, chunk.file.size);
    KEYSTONE_CHECK_OK(image.memory.add_bytes(chunk.address, firmware, chunk.file.offset, taken));
    next = chunk.address + chunk.file.size;
  }
  const std::uint64_t rest = inside(window, next, window.size);
  image.image_size = next - window.base;
  return image.memory.add_fill(next, rest, window.fill);
}

// Whether any measured byte of the firmware is not zero. Stops at the first that is not.
Result<bool> has_content(const SmImage& image) {
  std::array<std::uint8_t, 4096> buffer{};
  const std::uint64_t size = std::min(image.image_size, image.window.size);
  for (std::uint64_t at = 0; at < size; at += buffer.size()) {
    const auto count = std::min<std::uint64_t>(buffer.size(), size - at);
    const auto part = std::span(buffer).first(narrow<std::size_t>(count));
    KEYSTONE_CHECK_OK(image.memory.read(image.window.base + at, part));
    if (std::any_of(part.begin(), part.end(), [](std::uint8_t byte) { return byte != 0; })) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> notes_for(const SmImage& image) {
  const std::uint64_t size = image.window.size;
  if (image.image_size > size) {
    return {"cut: the image has " + std::to_string(image.image_size) +
            " bytes, of which the first " + std::to_string(size) + " are measured"};
  }
  if (image.image_size < size) {
    const std::uint8_t fill = image.window.fill;
    return {"the image has " + std::to_string(image.image_size) + " bytes; the other " +
            std::to_string(size - image.image_size) + " of the window are taken as 0x" +
            hex::encode(std::array{fill})};
  }
  return {};
}

}  // namespace

std::span<const std::string_view> not_measured_in_sm() {
  return kNotMeasuredInSm;
}

Result<SmImage> lay_out_sm(const ByteSource& firmware, const SmWindow& window) {
  if (firmware.size() == 0) {
    return fail(ErrorCode::malformed, "the file is empty");
  }
  KEYSTONE_TRY(const bool is_elf, looks_like_elf(firmware));
  SmImage image{window, {}, is_elf, 0, {}, {}};
  std::vector<Chunk> chunks = {{window.base, {0, firmware.size()}}};
  if (is_elf) {
    KEYSTONE_TRY(const auto elf, ElfView::parse(firmware));
    KEYSTONE_TRY(chunks, chunks_of_elf(elf, firmware, window));
    KEYSTONE_CHECK_OK(check_no_overlap(chunks));
    if (const auto reason = why_no_riscv_program(elf); !reason.empty()) {
      image.warnings.push_back(reason);
    }
  }
  KEYSTONE_CHECK_OK(map_window(image, firmware, chunks));
  KEYSTONE_TRY(const bool content, has_content(image));
  if (!content) {
    return fail(ErrorCode::malformed, "the measured part is all zero",
                "is this the firmware, and are base and size those of the board?");
  }
  image.notes = notes_for(image);
  return image;
}

Result<SmHash> measure_sm(const SmImage& image) {
  KEYSTONE_TRY(auto measurer, Measurer::create());
  KEYSTONE_CHECK_OK(measurer.bytes(image.memory, image.window.base, image.window.size));
  return SmHash(std::move(measurer).finish().bytes());
}

Result<MeasuredStream> measured_stream(const SmImage& image) {
  MeasuredStream stream;
  KEYSTONE_CHECK_OK(stream.bytes(image.memory, image.window.base, image.window.size));
  return stream;
}

}  // namespace keystone
