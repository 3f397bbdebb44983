// SPDX-License-Identifier: Apache-2.0
#include "elf_builder.hpp"
#include "keystone/measure/sm.hpp"
#include "support.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::sm_elf_test {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kBase = 0x80000000;
constexpr std::uint64_t kSize = 0x3000;

struct Outcome {
  std::string hash;
  SmImage image;  // without its memory
};

Result<Outcome> measure_file(const Bytes& firmware, const SmWindow& window) {
  const ArraySource source(firmware);
  KEYSTONE_TRY(auto image, lay_out_sm(source, window));
  KEYSTONE_TRY(const auto hash, measure_sm(image));
  image.memory = {};
  return Outcome{hash.hex(), std::move(image)};
}

// The firmware that these segments make, in a window at kBase.
Result<Outcome> measure(const std::vector<SegmentSpec>& segments, std::uint8_t fill = 0,
                        ElfClass elf_class = ElfClass::elf64) {
  return measure_file(build_elf({.elf_class = elf_class, .segments = segments}),
                      {kBase, kSize, fill});
}

::testing::AssertionResult refused(const std::vector<SegmentSpec>& segments,
                                   std::string_view culprit) {
  return fails_with(measure(segments), ErrorCode::malformed, culprit);
}

// Whether the window, `window_bytes` and then the fill byte up to its end, is what is hashed.
::testing::AssertionResult gives(const Result<Outcome>& outcome, const Bytes& window_bytes,
                                 std::uint8_t fill = 0) {
  if (!outcome) {
    return succeeds(outcome);
  }
  const Bytes rest(kSize - window_bytes.size(), fill);
  return outcome->hash == independent_sha3_512(concat({window_bytes, rest}))
             ? ::testing::AssertionSuccess()
             : ::testing::AssertionFailure() << "another hash";
}

const Bytes kA = noise("a", 0x100);
const Bytes kB = noise("b", 0x200);

TEST(SmElf, WarnsOfAFirmwareThatNoRiscvMachineStarts) {
  ElfSpec spec{.machine = 62, .segments = {{.content = kA, .paddr = kBase}}};  // EM_X86_64
  const auto foreign = measure_file(build_elf(spec), {kBase, kSize, 0});
  ASSERT_TRUE(succeeds(foreign));
  ASSERT_EQ(foreign->image.warnings.size(), 1U);
  EXPECT_TRUE(foreign->image.warnings[0].starts_with("an ELF file for machine 62"));
  spec.machine = kElfMachineRiscv;
  const auto native = measure_file(build_elf(spec), {kBase, kSize, 0});
  ASSERT_TRUE(succeeds(native));
  EXPECT_TRUE(native->image.warnings.empty());
}

TEST(SmElf, OfTheBundledFirmwareHasTheHashOfTheFlatImage) {
  const Bytes elf = read_vector_file("bundled/rv64/firmware.elf");
  const Bytes flat = read_vector_file("bundled/rv64/firmware.bin");
  for (const std::uint8_t fill : Bytes{0x00, 0xff}) {
    const SmWindow window{kBase, 0x1ff000, fill};
    const auto from_elf = measure_file(elf, window);
    const auto from_flat = measure_file(flat, window);
    ASSERT_TRUE(succeeds(from_elf));
    ASSERT_TRUE(succeeds(from_flat));
    EXPECT_EQ(from_elf->hash, from_flat->hash);
    EXPECT_EQ(from_elf->image.image_size, flat.size());
    EXPECT_TRUE(from_elf->image.from_elf);
    EXPECT_FALSE(from_flat->image.from_elf);
  }
}

TEST(SmElf, PlacesSegmentsAtTheirPhysicalAddresses) {
  for (const ElfClass elf_class : {ElfClass::elf32, ElfClass::elf64}) {
    const auto outcome =
        measure({{.content = kA, .vaddr = 0xc0000000, .paddr = kBase}}, 0, elf_class);
    EXPECT_TRUE(gives(outcome, kA));
  }
}

TEST(SmElf, HasZerosInAGapWhateverTheFill) {
  const Bytes image = concat({kA, Bytes(0xf00), kB});
  for (const std::uint8_t fill : Bytes{0x00, 0xff}) {
    const auto outcome =
        measure({{.content = kA, .paddr = kBase}, {.content = kB, .paddr = kBase + 0x1000}}, fill);
    EXPECT_TRUE(gives(outcome, image, fill));
    ASSERT_TRUE(succeeds(outcome));
    EXPECT_EQ(outcome->image.image_size, 0x1200U);
  }
}

TEST(SmElf, HasZerosBeforeTheFirstSegmentWhateverTheFill) {
  const auto outcome = measure({{.content = kA, .paddr = kBase + 0x800}}, 0xff);
  EXPECT_TRUE(gives(outcome, concat({Bytes(0x800), kA}), 0xff));
}

TEST(SmElf, HasZerosForBssBetweenSegmentsAndTheFillForBssAtTheEnd) {
  const auto outcome = measure({{.content = kA, .paddr = kBase, .memsz = 0x1000},
                                {.content = kB, .paddr = kBase + 0x1000, .memsz = 0x1000}},
                               0xff);
  EXPECT_TRUE(gives(outcome, concat({kA, Bytes(0xf00), kB}), 0xff));
}

TEST(SmElf, PlacesSegmentsInDescendingOrder) {
  const auto outcome =
      measure({{.content = kB, .paddr = kBase + 0x1000}, {.content = kA, .paddr = kBase}});
  EXPECT_TRUE(gives(outcome, concat({kA, Bytes(0xf00), kB})));
}

TEST(SmElf, PlacesSegmentsThatTouch) {
  const auto outcome =
      measure({{.content = kA, .paddr = kBase}, {.content = kB, .paddr = kBase + 0x100}});
  EXPECT_TRUE(gives(outcome, concat({kA, kB})));
}

TEST(SmElf, RefusesSegmentsThatOverlap) {
  const SegmentSpec a{.content = kA, .paddr = kBase + 0x400};
  for (const std::uint64_t offset : {0x201U, 0x300U, 0x400U, 0x4ffU}) {
    const SegmentSpec b{.content = kB, .paddr = kBase + offset};
    EXPECT_TRUE(refused({a, b}, "overlap"));
    EXPECT_TRUE(refused({b, a}, "overlap"));
  }
  const SegmentSpec just_before{.content = kB, .paddr = kBase + 0x200};
  EXPECT_TRUE(succeeds(measure({a, just_before})));
}

TEST(SmElf, RefusesSegmentsThatOverlapBeyondTheWindow) {
  const SegmentSpec far{.content = kA, .paddr = kBase + 0x100000};
  EXPECT_TRUE(refused({{.content = kA, .paddr = kBase}, far, far}, "overlap"));
}

TEST(SmElf, RefusesASegmentThatWraps) {
  const SegmentSpec a{.content = kA, .paddr = kBase};
  for (const std::uint64_t wrong : {UINT64_MAX, UINT64_MAX - 0x10, UINT64_MAX - 0xfe}) {
    EXPECT_TRUE(refused({a, {.content = kA, .paddr = wrong}}, "segment 1"));
  }
}

TEST(SmElf, RefusesASegmentBelowTheWindow) {
  const SegmentSpec a{.content = kA, .paddr = kBase};
  for (const std::uint64_t wrong : {kBase - 1, kBase - 0x100, std::uint64_t{0}}) {
    EXPECT_TRUE(refused({a, {.content = kB, .paddr = wrong}}, "segment 1"));
  }
}

TEST(SmElf, RefusesASegmentOutsideTheFile) {
  const SegmentSpec a{.content = kA, .paddr = kBase};
  for (const std::uint64_t wrong : {std::uint64_t{0x10000}, UINT64_MAX, UINT64_MAX - 0xff}) {
    const SegmentSpec b{.content = kA, .paddr = kBase + 0x1000, .offset = wrong, .filesz = 0x100};
    EXPECT_TRUE(refused({a, b}, "segment 1"));
  }
  EXPECT_TRUE(refused({a, {.paddr = kBase + 0x1000, .filesz = UINT64_MAX}}, "segment 1"));
}

TEST(SmElf, IgnoresSegmentsThatAreNotLoadedOrHaveNoBytes) {
  const auto outcome = measure({{.content = kA, .paddr = kBase},
                                {.content = kB, .paddr = 0, .type = 0x70000003},
                                {.paddr = 0, .offset = UINT64_MAX, .filesz = 0, .memsz = 0x1000}});
  EXPECT_TRUE(gives(outcome, kA));
}

TEST(SmElf, RefusesAnElfFileWithoutLoadedBytes) {
  EXPECT_TRUE(refused({}, "all zero"));
  EXPECT_TRUE(refused({{.content = kA, .paddr = kBase, .type = 4}}, "all zero"));
  EXPECT_TRUE(refused({{.paddr = kBase, .memsz = 0x1000}}, "all zero"));
  EXPECT_TRUE(refused({{.content = Bytes(0x100), .paddr = kBase}}, "all zero"));
}

TEST(SmElf, RefusesAnImageWhollyBeyondTheWindow) {
  EXPECT_TRUE(refused({{.content = kA, .paddr = kBase + kSize}}, "all zero"));
  EXPECT_TRUE(refused({{.content = kA, .paddr = kBase + 0x40000000}}, "all zero"));
}

TEST(SmElf, CutsASegmentAtTheEndOfTheWindowAndSaysSo) {
  const auto outcome = measure({{.content = kA, .paddr = kBase + kSize - 1}}, 0xff);
  EXPECT_TRUE(gives(outcome, concat({Bytes(kSize - 1), {kA[0]}})));
  ASSERT_TRUE(succeeds(outcome));
  EXPECT_EQ(outcome->image.image_size, kSize + 0xff);
  ASSERT_EQ(outcome->image.notes.size(), 1U);
  EXPECT_TRUE(outcome->image.notes[0].starts_with("cut"));
}

TEST(SmElf, LeavesOutASegmentBeyondTheWindow) {
  const auto outcome =
      measure({{.content = kA, .paddr = kBase}, {.content = kB, .paddr = kBase + 0x200000}}, 0xff);
  EXPECT_TRUE(gives(outcome, concat({kA, Bytes(kSize - 0x100)})));
  ASSERT_TRUE(succeeds(outcome));
  EXPECT_TRUE(outcome->image.notes.at(0).starts_with("cut"));
}

TEST(SmElf, RefusesADamagedElfFile) {
  Bytes firmware = build_elf({.segments = {{.content = kA, .paddr = kBase}}});
  firmware.pop_back();
  EXPECT_TRUE(fails_with(measure_file(firmware, {kBase, kSize, 0}), ErrorCode::malformed,
                         "section headers"));
  const Bytes magic = {0x7f, 'E', 'L', 'F'};
  EXPECT_TRUE(
      fails_with(measure_file(magic, {kBase, kSize, 0}), ErrorCode::malformed, "ELF header"));
}

}  // namespace
}  // namespace keystone::sm_elf_test
