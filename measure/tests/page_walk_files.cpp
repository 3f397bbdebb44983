// SPDX-License-Identifier: Apache-2.0
#include "page_walk_files.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace keystone::testing {
namespace {

constexpr std::uint64_t kStackBottom = 0x3ff00000;  // below the largest stack that tests ask for

// The entry of the leaf for that address, found without the library's walker.
std::uint64_t leaf_entry(const PageWalkImage& image, std::uint64_t address) {
  const std::size_t size = size_of(info(image.profile()).word);
  const unsigned bits = size == 8 ? 9 : 10;
  std::uint64_t table = image.arguments().epm_base;
  for (int level = size == 8 ? 2 : 1;; --level) {
    const std::uint64_t index =
        address >> (12 + bits * static_cast<unsigned>(level)) & ((1U << bits) - 1);
    Bytes bytes(size);
    if (!image.memory().read(table + index * size, bytes)) {
      throw std::runtime_error("there is no table");
    }
    std::uint64_t entry = 0;
    for (std::size_t i = size; i-- > 0;) {
      entry = entry << 8U | bytes[i];
    }
    if (level == 0) {
      return entry;
    }
    table = entry >> 10U << 12U;
  }
}

std::string addresses_of(const Contents& contents) {
  std::ostringstream text;
  for (const auto& [address, bytes] : contents) {
    text << " 0x" << std::hex << address;
  }
  return text.str();
}

}  // namespace

struct TwoFiles::Contents {
  Bytes eapp_bytes;
  Bytes runtime_bytes;
  ArraySource eapp{eapp_bytes};
  ArraySource runtime{runtime_bytes};
};

std::string suite_name(const ::testing::TestParamInfo<Profile>& test) {
  std::string name(info(test.param).name);
  const auto is_mark = [](char c) { return c == '-' || c == '.'; };
  std::replace_if(name.begin(), name.end(), is_mark, '_');
  return name;
}

PageWalkParameters parameters_for(Profile profile) {
  PageWalkParameters parameters = default_parameters(profile);
  if (profile == Profile::pagewalk_v0_1 || profile == Profile::pagewalk_v0_2) {
    parameters.user_entry = 0;
  }
  return parameters;
}

std::uint64_t runtime_address(Profile profile) {
  return info(profile).word == Word::bits64 ? 0xffffffffc0000000 : 0xc0000000;
}

Bytes program(std::vector<SegmentSpec> segments, Profile profile) {
  ElfSpec spec;
  spec.elf_class = info(profile).word == Word::bits64 ? ElfClass::elf64 : ElfClass::elf32;
  spec.segments = std::move(segments);
  return build_elf(spec);
}

Bytes plain_runtime(Profile profile) {
  return program({{.content = noise("runtime", 4096), .vaddr = runtime_address(profile)}}, profile);
}

Bytes plain_eapp(Profile profile) {
  return program({{.content = noise("eapp", 4096), .vaddr = kEappAddress}}, profile);
}

TwoFiles::TwoFiles(Bytes eapp, Bytes runtime)
    : contents_(new Contents{std::move(eapp), std::move(runtime)}) {}

Result<PageWalkImage> TwoFiles::lay_out(Profile profile) const {
  return lay_out(profile, parameters_for(profile));
}

Result<PageWalkImage> TwoFiles::lay_out(Profile profile, const PageWalkParameters& parameters,
                                        const PageWalkPlacement& placement) const {
  return keystone::lay_out(PageWalkInputs{contents_->eapp, contents_->runtime}, profile, parameters,
                           placement);
}

Result<std::string> TwoFiles::hash(Profile profile) const {
  return hash(profile, parameters_for(profile));
}

Result<std::string> TwoFiles::hash(Profile profile, const PageWalkParameters& parameters,
                                   const PageWalkPlacement& placement) const {
  KEYSTONE_TRY(const auto image, lay_out(profile, parameters, placement));
  KEYSTONE_TRY(const auto measurement, measure(image));
  return measurement.hash.hex();
}

std::string value_of(const Result<std::string>& hash) {
  EXPECT_TRUE(succeeds(hash));
  return hash ? *hash : hash.error().message;
}

TwoFiles eapp_of(std::vector<SegmentSpec> segments, Profile profile) {
  return {program(std::move(segments), profile), plain_runtime(profile)};
}

TwoFiles runtime_of(std::vector<SegmentSpec> segments, Profile profile) {
  return {plain_eapp(profile), program(std::move(segments), profile)};
}

MappedPages mapped_pages(const Result<PageWalkImage>& image) {
  MappedPages pages;
  if (!image) {
    ADD_FAILURE() << image.error().message;
    return pages;
  }
  WalkOptions options = walk_options(*image);
  options.checks = WalkChecks::skip_foreign;
  const auto walked = walk_pages(image->memory(), image->arguments(), options,
                                 [&](const WalkedPage& page) -> Status {
                                   MappedPage& mapped = pages[page.virtual_address];
                                   mapped.physical = page.physical_address;
                                   mapped.entry = leaf_entry(*image, page.virtual_address);
                                   mapped.bytes.resize(4096);
                                   return image->memory().read(mapped.physical, mapped.bytes);
                                 });
  EXPECT_TRUE(succeeds(walked));
  return pages;
}

::testing::AssertionResult maps(const Result<PageWalkImage>& image, std::uint64_t from,
                                std::uint64_t to, const Contents& want) {
  if (!image) {
    return ::testing::AssertionFailure() << image.error().message;
  }
  Contents got;
  for (const auto& [address, page] : mapped_pages(image)) {
    if (address >= from && address < to) {
      got[address] = page.bytes;
    }
  }
  if (addresses_of(got) != addresses_of(want)) {
    return ::testing::AssertionFailure()
           << "got" << addresses_of(got) << ", want" << addresses_of(want);
  }
  for (const auto& [address, bytes] : want) {
    const auto differ = std::mismatch(bytes.begin(), bytes.end(), got[address].begin()).first;
    if (differ != bytes.end()) {
      return ::testing::AssertionFailure() << "the page at " << std::hex << address
                                           << " differs at byte " << differ - bytes.begin();
    }
  }
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult maps_eapp(const Result<PageWalkImage>& image, const Contents& want) {
  return maps(image, 0, kStackBottom, want);
}

Bytes page_of(const Bytes& bytes, std::size_t at) {
  Bytes page(4096);
  std::copy(bytes.begin(), bytes.end(), page.begin() + static_cast<std::ptrdiff_t>(at));
  return page;
}

Bytes slice(const Bytes& bytes, std::size_t from, std::size_t size) {
  const auto start = bytes.begin() + static_cast<std::ptrdiff_t>(from);
  return {start, start + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace keystone::testing
