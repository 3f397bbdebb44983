// SPDX-License-Identifier: Apache-2.0
#include "enclave_pages.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone::enclave_pages_test {
namespace {

using namespace keystone::testing;

constexpr PhysicalRange kEpm = {0x10000, 8 * kPageSize};
constexpr PhysicalRange kUtm = {0x40000, 2 * kPageSize};

Bytes read(const MemoryView& memory, std::uint64_t address, std::size_t size) {
  Bytes bytes(size, 0xee);
  EXPECT_TRUE(memory.read(address, bytes));
  return bytes;
}

PageContent part(const ByteSource& source, std::uint64_t offset, std::uint16_t at,
                 std::uint16_t size) {
  PageContent content;
  content.source = &source;
  content.offset = offset;
  content.at = at;
  content.size = size;
  content.role = PageRole::eapp;
  return content;
}

TEST(EnclavePages, HandsOutPagesInOrderUntilNoneIsLeft) {
  EnclavePages pages(kSv39, kEpm, kUtm);
  for (std::uint64_t n = 0; n < 8; ++n) {
    EXPECT_EQ(pages.next_free(), kEpm.base + n * kPageSize);
    EXPECT_EQ(pages.allocate(PageRole::stack).value(), kEpm.base + n * kPageSize);
  }
  EXPECT_TRUE(
      fails_with(pages.allocate(PageRole::stack), ErrorCode::limit_exceeded, "none is left"));
  EXPECT_TRUE(fails_with(pages.allocate(PageRole::table), ErrorCode::limit_exceeded));
}

TEST(EnclavePages, HandsOutNoPartOfAPage) {
  EnclavePages pages(kSv39, {0x10000, kPageSize - 1}, kUtm);
  EXPECT_TRUE(fails_with(pages.allocate(PageRole::table), ErrorCode::limit_exceeded));
}

TEST(EnclavePages, HandsOutZeros) {
  EnclavePages pages(kSv39, kEpm, kUtm);
  for (const PageRole role : {PageRole::table, PageRole::eapp}) {
    const auto page = pages.allocate(role).value();
    EXPECT_EQ(pages.content(page).role, role);
    EXPECT_EQ(read(pages, page, 4096), Bytes(4096));
  }
}

TEST(EnclavePages, HoldsEntriesOf64BitsLittleEndian) {
  EnclavePages pages(kSv39, kEpm, kUtm);
  const auto table = pages.allocate(PageRole::table).value();
  pages.set_entry(table, 1, 0x1122334455667788);
  pages.set_entry(table, 511, 0xff);
  EXPECT_EQ(pages.entry(table, 1), 0x1122334455667788U);
  EXPECT_EQ(pages.entry(table, 0), 0U);
  EXPECT_EQ(read(pages, table + 8, 8), le(0x1122334455667788, 8));
  EXPECT_EQ(read(pages, table + 4088, 8), le(0xff, 8));
}

TEST(EnclavePages, HoldsEntriesOf32BitsLittleEndian) {
  EnclavePages pages(kSv32, kEpm, kUtm);
  const auto table = pages.allocate(PageRole::table).value();
  pages.set_entry(table, 1, 0x11223344);
  pages.set_entry(table, 1023, 0xff);
  EXPECT_EQ(pages.entry(table, 1), 0x11223344U);
  EXPECT_EQ(read(pages, table, 12), concat({le(0, 4), le(0x11223344, 4), le(0, 4)}));
  EXPECT_EQ(read(pages, table + 4092, 4), le(0xff, 4));
}

TEST(EnclavePages, PutsAPieceOfAFileBetweenZeros) {
  const Bytes file = noise("file", 1000);
  const ArraySource source(file);
  EnclavePages pages(kSv39, kEpm, kUtm);
  const auto page = pages.allocate(PageRole::eapp).value();
  pages.set_content(page, part(source, 100, 50, 800));
  EXPECT_EQ(read(pages, page, 4096),
            concat({Bytes(50), Bytes(file.begin() + 100, file.begin() + 900), Bytes(4096 - 850)}));
}

// Pages of every kind: a table, whole pages in a row of one file, one of another, parts, zeros.
class Mixed {
 public:
  Mixed() : pages_(kSv39, kEpm, kUtm) {
    for (int n = 0; n < 8; ++n) {
      EXPECT_TRUE(pages_.allocate(n == 0 ? PageRole::table : PageRole::eapp));
    }
    pages_.set_entry(page(0), 3, 0x1234);
    pages_.set_content(page(1), part(a_, 10, 0, 4096));
    pages_.set_content(page(2), part(a_, 10 + 4096, 0, 4096));
    pages_.set_content(page(3), part(a_, 5, 0, 4096));         // not what follows
    pages_.set_content(page(4), part(b_, 5 + 4096, 0, 4096));  // of the other file
    pages_.set_content(page(5), part(b_, 5 + 8192, 0, 100));
    pages_.set_content(page(7), part(a_, 0, 4000, 96));
  }
  static std::uint64_t page(std::uint64_t n) { return kEpm.base + n * kPageSize; }
  [[nodiscard]] const EnclavePages& pages() const { return pages_; }
  [[nodiscard]] Bytes expected() const {
    const auto cut = [](const Bytes& bytes, std::ptrdiff_t at, std::ptrdiff_t size) {
      return Bytes(bytes.begin() + at, bytes.begin() + at + size);
    };
    return concat({Bytes(24), le(0x1234, 8), Bytes(4096 - 32), cut(a_bytes_, 10, 8192),
                   cut(a_bytes_, 5, 4096), cut(b_bytes_, 5 + 4096, 4096),
                   cut(b_bytes_, 5 + 8192, 100), Bytes(4096 - 100), Bytes(4096), Bytes(4000),
                   cut(a_bytes_, 0, 96)});
  }

 private:
  Bytes a_bytes_ = noise("a", 20000);
  Bytes b_bytes_ = noise("b", 20000);
  ArraySource a_{a_bytes_};
  ArraySource b_{b_bytes_};
  EnclavePages pages_;
};

TEST(EnclavePages, ReadsAcrossPagesOfEveryKind) {
  const Mixed mixed;
  EXPECT_EQ(read(mixed.pages(), kEpm.base, 8 * 4096), mixed.expected());
}

TEST(EnclavePages, ReadsTheSameInPiecesOfAnySize) {
  const Mixed mixed;
  const Bytes want = mixed.expected();
  for (const std::size_t size : {1U, 7U, 4095U, 4096U, 4097U, 8192U, 10000U}) {
    Bytes got;
    while (got.size() < want.size()) {
      const std::size_t count = std::min(size, want.size() - got.size());
      got = concat({got, read(mixed.pages(), kEpm.base + got.size(), count)});
    }
    EXPECT_TRUE(got == want) << size;
  }
}

TEST(EnclavePages, ReadsZerosOfUntrustedMemory) {
  const EnclavePages pages(kSv39, kEpm, kUtm);
  EXPECT_EQ(read(pages, kUtm.base + 100, 8192 - 100), Bytes(8192 - 100));
}

TEST(EnclavePages, HasNoMemoryElsewhere) {
  EnclavePages pages(kSv39, kEpm, kUtm);
  ASSERT_TRUE(pages.allocate(PageRole::eapp));
  Bytes byte(1);
  for (const std::uint64_t address : {kEpm.base - 1, kEpm.base + kPageSize, kUtm.base - 1,
                                      kUtm.base + kUtm.size, std::uint64_t{0}, UINT64_MAX}) {
    EXPECT_TRUE(fails_with(pages.read(address, byte), ErrorCode::malformed, "no memory"));
  }
  Bytes two(2);
  EXPECT_TRUE(fails_with(pages.read(kEpm.base + kPageSize - 1, two), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(pages.read(kUtm.base + kUtm.size - 1, two), ErrorCode::malformed));
  EXPECT_TRUE(pages.read(UINT64_MAX, {}));
}

TEST(EnclavePages, ReportsAFileThatCannotBeRead) {
  const FailingSource source(Bytes(8192), 4096);
  EnclavePages pages(kSv39, kEpm, kUtm);
  const auto page = pages.allocate(PageRole::eapp).value();
  pages.set_content(page, part(source, 1, 0, 4096));
  Bytes bytes(4096);
  EXPECT_TRUE(fails_with(pages.read(page, bytes), ErrorCode::unreadable, FailingSource::kMessage));
  pages.set_content(page, part(source, 4000, 0, 100));
  EXPECT_TRUE(fails_with(pages.read(page, bytes), ErrorCode::unreadable));
}

}  // namespace
}  // namespace keystone::enclave_pages_test
