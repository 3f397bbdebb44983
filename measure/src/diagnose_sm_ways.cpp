// SPDX-License-Identifier: Apache-2.0
#include "diagnose_sm_ways.hpp"

#include "diagnose_ways.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "keystone/measure/elf.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace keystone {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = kKiB * kKiB;

constexpr std::uint64_t kGenericBase = 0x80000000;
constexpr std::uint64_t kSmSize = 0x1ff000;     // since keystone 7389db5 (v0.2, 2019-01-23)
constexpr std::uint64_t kOldSmSize = 0x2ff000;  // of v0.1
constexpr std::uint64_t kPayload = 2 * kMiB;    // FW_PAYLOAD_OFFSET of OpenSBI, generic, RV64

constexpr std::array<std::uint64_t, 4> kBlocks = {512, 4 * kKiB, 64 * kKiB, kMiB};
constexpr std::array<std::uint64_t, 5> kHeads = {64 * kKiB, 128 * kKiB, 256 * kKiB, 512 * kKiB,
                                                 kMiB};

struct NamedWindow {
  std::string platform;  // empty: of none
  std::string what;
  SmWindow window;
};

// A part of an image that may be all that was measured.
struct Cut {
  std::string what;
  std::uint64_t size;
};

std::string options_of(const NamedWindow& window) {
  return window.platform.empty() ? "--base " + to_hex_number(window.window.base) + " --size " +
                                       to_hex_number(window.window.size)
                                 : "--platform " + window.platform;
}

// The physical addresses of an ELF file's load segments, in ascending order; none of other files.
Result<std::vector<std::uint64_t>> segment_addresses(const ByteSource& firmware) {
  std::vector<std::uint64_t> addresses;
  const auto elf = ElfView::parse(firmware);
  if (!elf) {
    return is_refusal(elf.error()) ? Result<std::vector<std::uint64_t>>(addresses)
                                   : fail(elf.error());
  }
  for (const ElfSegment& segment : elf->segments()) {
    if (segment.type == kSegmentLoad && segment.filesz != 0) {
      addresses.push_back(segment.paddr);
    }
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

// `segments`: their addresses.
std::vector<NamedWindow> windows_for(const std::vector<std::uint64_t>& segments) {
  std::vector<NamedWindow> windows;
  for (const PlatformInfo& row : platforms()) {
    if (row.has_root_of_trust && row.base && row.size) {
      windows.push_back({std::string(row.name), "", {*row.base, *row.size, row.fill}});
    }
  }
  windows.push_back({"", "the window of keystone v0.1", {kGenericBase, kOldSmSize, 0}});
  if (!segments.empty() && checked_add(segments.front(), kOldSmSize)) {
    for (const std::uint64_t size : {kSmSize, kOldSmSize}) {
      windows.push_back({"", "a window from the lowest segment on", {segments.front(), size, 0}});
    }
  }
  return windows;
}

// The file as it lies on disk, at the window's base.
Result<SmImage> lay_out_flat(const ByteSource& firmware, const SmWindow& window) {
  SmImage image{window, {}, false, firmware.size(), {}, {}};
  const std::uint64_t taken = std::min(firmware.size(), window.size);
  KEYSTONE_CHECK_OK(image.memory.add_bytes(window.base, firmware, 0, taken));
  KEYSTONE_CHECK_OK(image.memory.add_fill(window.base + taken, window.size - taken, window.fill));
  return image;
}

// How much of the image lies before its last gap of zero pages; 0 if there is none.
Result<std::uint64_t> size_before_gap(const SmImage& image) {
  std::array<std::uint8_t, kPageSize> page{};
  const std::uint64_t size = std::min(image.image_size, image.window.size);
  std::uint64_t end_of_content = 0;
  std::uint64_t before_gap = 0;
  for (std::uint64_t at = 0; at < size; at += kPageSize) {
    const auto part =
        std::span(page).first(narrow<std::size_t>(std::min<std::uint64_t>(kPageSize, size - at)));
    KEYSTONE_CHECK_OK(image.memory.read(image.window.base + at, part));
    if (std::any_of(part.begin(), part.end(), [](std::uint8_t byte) { return byte != 0; })) {
      before_gap = at > end_of_content ? end_of_content : before_gap;
      end_of_content = at + kPageSize;
    }
  }
  return before_gap;
}

Result<std::vector<Cut>> cuts_of(const SmImage& image, const std::vector<std::uint64_t>& segments) {
  std::vector<Cut> cuts;
  if (image.from_elf && !segments.empty()) {
    cuts.push_back({"without its last segment", segments.back() - image.window.base});
  }
  KEYSTONE_TRY(const auto before_gap, size_before_gap(image));
  cuts.push_back({"without what lies behind the last gap of zero pages", before_gap});
  cuts.push_back({"without what lies at 2 MiB and above", kPayload});
  for (const std::uint64_t block : kBlocks) {
    cuts.push_back({"without its last, incomplete block of " + std::to_string(block) + " bytes",
                    image.image_size / block * block});
  }
  for (const std::uint64_t size : kHeads) {
    cuts.push_back({"the start of it", size});
  }
  return cuts;
}

class SmWayLister {
 public:
  explicit SmWayLister(const ByteSource& firmware) : firmware_(firmware) {}

  Result<SmWays> list() {
    KEYSTONE_TRY(const auto segments, segment_addresses(firmware_));
    for (const NamedWindow& window : windows_for(segments)) {
      auto image = lay_out_sm(firmware_, window.window);
      if (image) {
        KEYSTONE_CHECK_OK(add_image(window, *std::move(image), segments));
        continue;
      }
      if (!is_refusal(image.error())) {
        return fail(std::move(image).error());
      }
      list_.refused.push_back(
          {{window.platform, window.what, options_of(window)}, image.error().message});
    }
    return std::move(list_);
  }

 private:
  Status add_image(const NamedWindow& window, SmImage image,
                   const std::vector<std::uint64_t>& segments) {
    KEYSTONE_TRY(const auto cuts, cuts_of(image, segments));
    const bool is_elf = image.from_elf;
    const std::uint64_t size = std::min(image.image_size, window.window.size);
    const std::size_t number = list_.images.size();
    list_.images.push_back(std::move(image));
    add(window, number, {"", window.window.size});
    if (is_elf) {
      KEYSTONE_TRY(auto flat, lay_out_flat(firmware_, window.window));
      list_.images.push_back(std::move(flat));
      add(window, number + 1, {"the ELF file as a flat image", window.window.size});
    }
    for (const Cut& cut : cuts) {
      if (cut.size != 0 && cut.size < size) {
        add(window, number, {cut.what + ": " + std::to_string(cut.size) + " bytes", cut.size});
      }
    }
    return {};
  }

  // One way, unless it measures the same bytes as one before: a flat image has no address.
  void add(const NamedWindow& window, std::size_t image, const Cut& cut) {
    const bool is_elf = list_.images[image].from_elf;
    const SmWindow& place = window.window;
    if (!known_.insert({is_elf, is_elf ? place.base : 0, place.size, place.fill, cut.size})
             .second) {
      return;
    }
    const bool has_both = !window.what.empty() && !cut.what.empty();
    list_.ways.push_back(
        {{window.platform, window.what + (has_both ? ", " : "") + cut.what, options_of(window)},
         image,
         cut.size});
  }

  const ByteSource& firmware_;
  SmWays list_;
  std::set<std::tuple<bool, std::uint64_t, std::uint64_t, std::uint8_t, std::uint64_t>> known_;
};

}  // namespace

Result<SmWays> sm_ways(const ByteSource& firmware) {
  return SmWayLister(firmware).list();
}

}  // namespace keystone
