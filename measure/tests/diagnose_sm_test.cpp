// SPDX-License-Identifier: Apache-2.0
#include "diagnose_support.hpp"

#include <gtest/gtest.h>

namespace keystone::diagnose_sm_test {
namespace {

using namespace keystone::testing;

constexpr std::size_t kSize = 0x1ff000;
constexpr std::size_t kOldSize = 0x2ff000;
const AttemptProgress kNoProgress;

// SHA3-512 over a window of `size` bytes that starts with these and is zero behind them.
SmHash window_hash(Bytes bytes, std::size_t size = kSize) {
  bytes.resize(size);
  return SmHash::from_hex("hash", independent_sha3_512(bytes)).value();
}

SmHash unknown_sm_hash() {
  return SmHash::from_hex("hash", std::string(128, '5')).value();
}

// `platform | description | options` of the match.
std::string match_of(const Bytes& image, const SmHash& seen) {
  const ArraySource source(image);
  const auto diagnosis = diagnose_sm(source, seen, kNoProgress);
  return diagnosis ? text_of(diagnosis->match) : diagnosis.error().message;
}

Bytes first(const Bytes& bytes, std::size_t size) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(DiagnoseSm, NamesThePlatformOfTheImageAsItIs) {
  const Bytes image = noise("image", 5000);
  EXPECT_EQ(match_of(image, window_hash(image)), "generic |  | --platform generic");
}

TEST(DiagnoseSm, NamesThePlatformByTheAddressesOfAnElfFile) {
  const Bytes text = noise("text", 5000);
  Bytes memory(0x40000);
  memory.insert(memory.end(), text.begin(), text.end());
  const ElfSpec elf{.segments = {{.content = text, .paddr = 0x40040000}}};
  EXPECT_EQ(match_of(build_elf(elf), window_hash(memory)),
            "visionfive2 |  | --platform visionfive2");
}

TEST(DiagnoseSm, NamesTheWindowOfTheFirstRelease) {
  const Bytes image = noise("image", 5000);
  EXPECT_EQ(match_of(image, window_hash(image, kOldSize)),
            " | the window of keystone v0.1 | --base 0x80000000 --size 0x2ff000");
}

TEST(DiagnoseSm, NamesAWindowWhereAnElfFileStarts) {
  const Bytes text = noise("text", 5000);
  const ElfSpec elf{.segments = {{.content = text, .paddr = 0x90000000}}};
  EXPECT_EQ(match_of(build_elf(elf), window_hash(text)),
            " | a window from the lowest segment on | --base 0x90000000 --size 0x1ff000");
}

TEST(DiagnoseSm, NamesAnElfFileThatWasLoadedAsAnImage) {
  const ElfSpec elf{.segments = {{.content = noise("text", 5000), .paddr = 0x80000000}}};
  const Bytes file = build_elf(elf);
  EXPECT_EQ(match_of(file, window_hash(file)),
            "generic | the ELF file as a flat image | --platform generic");
}

TEST(DiagnoseSm, NamesAPayloadInTheLastSegment) {
  const Bytes text = noise("text", 8192);
  const ElfSpec elf{.segments = {{.content = text, .paddr = 0x80000000},
                                 {.content = noise("payload", 100), .paddr = 0x80002000}}};
  EXPECT_EQ(match_of(build_elf(elf), window_hash(text)),
            "generic | without its last segment: 8192 bytes | --platform generic");
}

TEST(DiagnoseSm, NamesAPayloadBehindAGap) {
  const Bytes text = noise("text", 5000);
  const Bytes image = concat({text, Bytes(40000 - 5000), noise("payload", 9000)});
  EXPECT_EQ(match_of(image, window_hash(text)),
            "generic | without what lies behind the last gap of zero pages: 8192 bytes | "
            "--platform generic");
}

TEST(DiagnoseSm, NamesAPayloadAtTwoMegabytes) {
  const Bytes image = noise("image", kOldSize);
  EXPECT_EQ(match_of(image, window_hash(first(image, 0x200000), kOldSize)),
            " | the window of keystone v0.1, without what lies at 2 MiB and above: 2097152 bytes "
            "| --base 0x80000000 --size 0x2ff000");
}

TEST(DiagnoseSm, NamesALastBlockThatWasNotCopied) {
  const Bytes image = noise("image", 70'000);
  EXPECT_EQ(match_of(image, window_hash(first(image, 69'632))),
            "generic | without its last, incomplete block of 512 bytes: 69632 bytes | "
            "--platform generic");
  EXPECT_EQ(match_of(image, window_hash(first(image, 65'536))),
            "generic | without its last, incomplete block of 65536 bytes: 65536 bytes | "
            "--platform generic");
}

TEST(DiagnoseSm, NamesAnImageCutAtARoundSize) {
  const Bytes image = noise("image", 600'000);
  EXPECT_EQ(match_of(image, window_hash(first(image, 262'144))),
            "generic | the start of it: 262144 bytes | --platform generic");
}

// --- no match ---------------------------------------------------------------------------------

TEST(DiagnoseSm, HasNoMatchForAHashOfSomethingElse) {
  const Bytes image = noise("image", 5000);
  const ArraySource source(image);
  const auto diagnosis = diagnose_sm(source, unknown_sm_hash(), kNoProgress);
  ASSERT_TRUE(succeeds(diagnosis));
  EXPECT_FALSE(diagnosis->match.has_value());
  EXPECT_GT(diagnosis->attempts, 2U);
  EXPECT_LE(diagnosis->attempts, kMaxAttempts);
}

TEST(DiagnoseSm, HasNoMatchForACutThatNobodyMakes) {
  const Bytes image = noise("image", 70'000);
  EXPECT_EQ(match_of(image, window_hash(first(image, 69'631))), "none");
  EXPECT_EQ(match_of(image, window_hash(image, 0x100000)), "none");
}

TEST(DiagnoseSm, TriesAFlatImageOnceForEachSizeOfWindow) {
  // No address of a window is measured: generic and visionfive2 are the same.
  const Bytes image = noise("image", 100);
  const ArraySource source(image);
  const auto diagnosis = diagnose_sm(source, unknown_sm_hash(), kNoProgress);
  ASSERT_TRUE(succeeds(diagnosis));
  EXPECT_EQ(diagnosis->attempts, 2U);
  EXPECT_TRUE(diagnosis->refused.empty());
}

TEST(DiagnoseSm, ListsWindowsThatAreNotTheImages) {
  const ElfSpec elf{.segments = {{.content = noise("text", 100), .paddr = 0x60000000}}};
  const Bytes file = build_elf(elf);
  const ArraySource source(file);
  const auto diagnosis = diagnose_sm(source, unknown_sm_hash(), kNoProgress);
  ASSERT_TRUE(succeeds(diagnosis));
  ASSERT_EQ(diagnosis->refused.size(), 3U);
  EXPECT_EQ(diagnosis->refused[0].attempt.options, "--platform generic");
  EXPECT_EQ(diagnosis->refused[1].attempt.options, "--platform visionfive2");
  EXPECT_EQ(diagnosis->refused[2].attempt.options, "--base 0x80000000 --size 0x2ff000");
  for (const RefusedAttempt& refused : diagnosis->refused) {
    EXPECT_FALSE(refused.why.empty());
  }
}

TEST(DiagnoseSm, RefusesEveryWindowForFilesThatAreNoFirmware) {
  for (const Bytes& image : {Bytes(), Bytes(5000)}) {
    const ArraySource source(image);
    const auto diagnosis = diagnose_sm(source, window_hash({}), kNoProgress);
    ASSERT_TRUE(succeeds(diagnosis));
    EXPECT_FALSE(diagnosis->match.has_value());
    EXPECT_EQ(diagnosis->attempts, 0U);
    EXPECT_EQ(diagnosis->refused.size(), 3U);
  }
}

TEST(DiagnoseSm, FailsWhereTheImageCannotBeRead) {
  const FailingSource source(noise("image", 70'000), 60'000);
  EXPECT_TRUE(fails_with(diagnose_sm(source, unknown_sm_hash(), kNoProgress), ErrorCode::unreadable,
                         FailingSource::kMessage));
}

TEST(DiagnoseSm, EndsWhereTheCallerSaysSo) {
  const Bytes image = noise("image", 5000);
  const ArraySource source(image);
  std::vector<std::size_t> seen;
  const auto diagnosis =
      diagnose_sm(source, unknown_sm_hash(), [&](std::size_t done, std::size_t total) {
        seen.push_back(done);
        EXPECT_LT(done, total);
        return done < 1;
      });
  ASSERT_TRUE(succeeds(diagnosis));
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(diagnosis->attempts, 1U);
}

}  // namespace
}  // namespace keystone::diagnose_sm_test
