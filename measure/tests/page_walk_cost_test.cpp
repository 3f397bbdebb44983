// SPDX-License-Identifier: Apache-2.0
// What hostile files and hostile page tables cost: memory in bytes that are allocated, work in
// pages that are touched and bytes that are read. No clock.
#include "keystone/testing/memory.hpp"
#include "page_walk_files.hpp"
#include "page_walk_memory.hpp"

#include <gtest/gtest.h>

namespace keystone::page_walk_cost_test {
namespace {

using namespace keystone::testing;

constexpr auto kV1 = Profile::keystone_v1;
constexpr auto kV02 = Profile::pagewalk_v0_2;
constexpr std::size_t kMiB = std::size_t{1} << 20U;
constexpr std::size_t kMostSegments = 65535;

struct Cost {
  Result<PageWalkImage> image;
  std::size_t memory;     // allocated at the most
  std::uint64_t touched;  // pages that were handed out
};

// Lays out with the plain runtime; the files themselves do not count.
Cost cost_of(const TwoFiles& files, Profile profile, const PageWalkParameters& parameters,
             const PageWalkPlacement& placement = {}) {
  const AllocationPeak peak;
  auto image = files.lay_out(profile, parameters, placement);
  const std::size_t memory = peak.bytes();
  const std::uint64_t touched =
      image ? (image->arguments().free_base - image->arguments().epm_base) / 4096 : 0;
  return {std::move(image), memory, touched};
}

Cost cost_of(const TwoFiles& files, Profile profile, const PageWalkPlacement& placement = {}) {
  return cost_of(files, profile, parameters_for(profile), placement);
}

TEST(PageWalkCost, OfAnEnclaveIsAThirtiethOfItsSize) {
  // 64 MiB of bytes and 64 MiB of zeros.
  const SparseSource eapp(
      program({{.vaddr = 0x10000, .offset = 0, .filesz = 64 * kMiB, .memsz = 128 * kMiB}}, kV1),
      80 * kMiB);
  const Bytes runtime_file = plain_runtime(kV1);
  const ArraySource runtime(runtime_file);
  const AllocationPeak peak;
  const auto image = lay_out(PageWalkInputs{eapp, runtime}, kV1, default_parameters(kV1), {});
  ASSERT_TRUE(succeeds(image));
  EXPECT_LE(peak.bytes(), 4 * kMiB);
  EXPECT_LT(eapp.bytes_read(), 1000U);  // headers
  ASSERT_TRUE(measure(*image));
  EXPECT_LE(peak.bytes(), 4 * kMiB);
  EXPECT_LT(eapp.bytes_read(), 65 * kMiB);
}

TEST(PageWalkCost, OfTheLargestEnclaveIsBelow64MiB) {
  const TwoFiles files = eapp_of({{.vaddr = 0x80000000, .memsz = 4080 * kMiB}}, kV1);
  PageWalkParameters parameters = default_parameters(kV1);
  parameters.freemem = 15 * kMiB;  // for the page tables: the host itself counts 15 pages
  parameters.stack_size = 0;
  const Cost cost = cost_of(files, kV1, parameters);
  ASSERT_TRUE(succeeds(cost.image));
  EXPECT_GT(cost.touched, 4080 * kMiB / 4096);
  EXPECT_LE(cost.memory, 64 * kMiB);
}

TEST(PageWalkCost, OfASpanThatIsTooLargeIsNothing) {
  for (const std::uint64_t memory : {std::uint64_t{4096 * kMiB}, std::uint64_t{1} << 38U,
                                     std::uint64_t{1} << 63U, UINT64_MAX - 0x10000}) {
    for (const std::uint32_t type : {kSegmentLoad, 4U}) {
      const TwoFiles files = eapp_of(
          {{.content = {1}, .vaddr = 0x10000}, {.vaddr = 0x10000, .type = type, .memsz = memory}},
          kV1);
      const Cost cost = cost_of(files, kV1);
      EXPECT_TRUE(fails_with(cost.image, ErrorCode::limit_exceeded, "want at most"));
      EXPECT_LE(cost.memory, kMiB / 16);
    }
  }
}

TEST(PageWalkCost, OfAddressesFarApartIsNothing) {
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3}) {
    const TwoFiles files =
        eapp_of({{.content = {1}, .vaddr = 0x10000}, {.content = {1}, .vaddr = 0xffffffff00000000}},
                profile);
    const Cost cost = cost_of(files, profile);
    EXPECT_TRUE(fails_with(cost.image, ErrorCode::limit_exceeded, "want at most"));
    EXPECT_LE(cost.memory, kMiB / 16);
  }
}

TEST(PageWalkCost, OfAWrappingSegmentIsNothing) {
  for (const std::uint64_t memory : {UINT64_MAX, UINT64_MAX - 0xffff, UINT64_MAX - 0x12000 + 1}) {
    const TwoFiles files = eapp_of({{.content = {1}, .vaddr = 0x11000, .memsz = memory}}, kV1);
    const Cost cost = cost_of(files, kV1);
    ASSERT_FALSE(cost.image.has_value() && cost.touched > 32);
    EXPECT_LE(cost.memory, kMiB / 16);
  }
}

TEST(PageWalkCost, OfAsManySegmentsAsThereCanBeOnOnePageIsTheirHeaders) {
  const Bytes file =
      program(std::vector<SegmentSpec>(kMostSegments, {.vaddr = 0x10000, .memsz = 4096}), kV1);
  const TwoFiles files(file, plain_runtime(kV1));
  const Cost cost = cost_of(files, kV1);
  ASSERT_TRUE(succeeds(cost.image));
  EXPECT_EQ(cost.touched, 14U);
  EXPECT_LE(cost.memory, 16 * kMiB);
}

TEST(PageWalkCost, OfAsManySegmentsAsThereCanBeOverOneAnotherEndsAtTheLimit) {
  const Bytes file =
      program(std::vector<SegmentSpec>(kMostSegments, {.vaddr = 0x10000, .memsz = 16 * kMiB}), kV1);
  for (const Profile profile : {kV1, Profile::pagewalk_v0_3}) {
    const TwoFiles files(file, plain_runtime(profile));
    // 16384 pages each: no more than 32768 may be touched.
    const Cost cost = cost_of(files, profile, {.max_memory = 128 * kMiB});
    EXPECT_TRUE(fails_with(cost.image, ErrorCode::limit_exceeded, "mapped memory"));
    EXPECT_LE(cost.memory, 20 * kMiB);
  }
}

TEST(PageWalkCost, OfPagesThatAreFarApartIsTheirTables) {
  std::vector<SegmentSpec> segments;
  for (std::uint64_t n = 0; n < kMostSegments; ++n) {
    segments.push_back({.vaddr = 0x80000000 + n * 0xf000, .memsz = 1});
  }
  const TwoFiles files(program(segments, kV1), plain_runtime(kV1));
  const Cost cost = cost_of(files, kV1);
  ASSERT_TRUE(succeeds(cost.image));
  EXPECT_GT(cost.touched, kMostSegments);
  EXPECT_LE(cost.memory, 64 * kMiB);
}

TEST(PageWalkCost, OfSectionsEverywhereEndsWithTheMemoryThatTheDriverTakes) {
  ElfSpec spec;
  spec.segments = {{.content = {1}, .vaddr = 0x10000}};
  for (std::uint64_t n = 0; n < kMostSegments - 2; ++n) {
    spec.sections.push_back({.type = kSectionNoBits, .size = 0x100000000, .addr = (n + 1) << 30U});
  }
  spec.name_of_all = 0;
  const TwoFiles files(build_elf(spec), plain_runtime(kV02));
  const Cost cost = cost_of(files, kV02);
  EXPECT_TRUE(fails_with(cost.image, ErrorCode::limit_exceeded, "none is left"));
  EXPECT_LE(cost.memory, 64 * kMiB);
}

TEST(PageWalkCost, OfWrongParametersIsNothing) {
  const auto cost_with = [](Profile profile, std::uint64_t PageWalkParameters::*member) {
    PageWalkParameters parameters = parameters_for(profile);
    parameters.*member = UINT64_MAX;
    const TwoFiles files(plain_eapp(profile), plain_runtime(profile));
    const Cost cost = cost_of(files, profile, parameters);
    EXPECT_FALSE(cost.image.has_value());
    EXPECT_LE(cost.memory, kMiB);
  };
  for (const auto member : {&PageWalkParameters::untrusted_size, &PageWalkParameters::stack_size,
                            &PageWalkParameters::freemem, &PageWalkParameters::runtime_stack}) {
    for (const ProfileInfo& row : profiles()) {
      if (row.scheme == Scheme::page_walk) {
        cost_with(row.profile, member);
      }
    }
  }
}

TEST(PageWalkCost, OfHostileTablesEndsAtTheLimitOfPages) {
  HandMadeEnclave enclave;
  enclave.options.checks = WalkChecks::skip_foreign;
  for (std::size_t i = 0; i < 512; ++i) {
    enclave.set(0, i, HandMadeEnclave::entry(HandMadeEnclave::epm(0), 1));
  }
  enclave.options.max_pages = 10000;
  std::uint64_t visits = 0;
  const AllocationPeak peak;
  const auto answer = enclave.walk([&](const WalkedPage&) -> Status {
    ++visits;
    return {};
  });
  EXPECT_TRUE(fails_with(answer, ErrorCode::limit_exceeded));
  EXPECT_LE(visits, 10000U);
  EXPECT_LE(peak.bytes(), kMiB / 16);
}

}  // namespace
}  // namespace keystone::page_walk_cost_test
