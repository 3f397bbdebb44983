// SPDX-License-Identifier: Apache-2.0
// Writing reports, and what becomes of the bytes that nobody signed.
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

// A fixed report whose bytes behind the data are 0xee.
Bytes dirty(std::size_t data_size) {
  Bytes bytes = sample_report(data_size).encode_fixed();
  std::fill(bytes.begin() + 72 + static_cast<std::ptrdiff_t>(data_size), bytes.begin() + 1096,
            std::uint8_t{0xee});
  return bytes;
}

TEST(ReportEncode, IsReadBackInEveryFormForEveryDataLength) {
  std::mt19937_64 random(1352);
  for (std::size_t size = 0; size <= 1024; ++size) {
    const Report report = Report::from_fields(random_fields(random, size)).value();
    for (const ReportFormat format : kFormats) {
      const Bytes bytes = encoded(report, format);
      for (const auto& parsed : {Report::parse(bytes), parse_as(format, bytes)}) {
        ASSERT_TRUE(parsed) << size << " " << to_string(format);
        EXPECT_TRUE(same_fields(*parsed, report)) << size << " " << to_string(format);
        EXPECT_EQ(encoded(*parsed, format), bytes) << size << " " << to_string(format);
      }
    }
  }
}

TEST(ReportEncode, HasTheSizeOfItsForm) {
  for (const std::size_t size : {0U, 1U, 1023U, 1024U}) {
    EXPECT_EQ(sample_report(size).encode_fixed().size(), 1352U);
    EXPECT_EQ(sample_report(size).encode_compact().size(), 328 + size);
  }
}

TEST(ReportEncode, GivesWhatWasReadFromWhateverForm) {
  const Report report = sample_report(9);
  for (const ReportFormat read : kFormats) {
    const Report parsed = Report::parse(encoded(report, read)).value();
    for (const ReportFormat written : kFormats) {
      EXPECT_EQ(encoded(parsed, written), encoded(report, written));
    }
  }
}

TEST(ReportEncode, ReceivedIsCompactForJson) {
  const Report report = sample_report(9);
  const Report parsed = Report::parse(encoded(report, ReportFormat::json)).value();
  EXPECT_EQ(copy_of(parsed.received()), report.encode_compact());
  EXPECT_TRUE(parsed.unsigned_tail().empty());
}

// --- the unsigned tail --------------------------------------------------------------------------

TEST(ReportTail, IsShownAndIsNeverData) {
  for (const std::size_t size : {0U, 1U, 32U, 1023U}) {
    const Report report = Report::parse(dirty(size)).value();
    EXPECT_TRUE(report.has_dirty_tail());
    EXPECT_EQ(copy_of(report.unsigned_tail()), Bytes(1024 - size, 0xee));
    EXPECT_EQ(copy_of(report.data()), copy_of(sample_report(size).data()));
    EXPECT_EQ(report.signed_by_sm().size(), 72 + size);
  }
}

TEST(ReportTail, IsDirtyForASingleByteAnywhere) {
  const std::size_t size = 32;
  for (const std::size_t at : {72 + size, std::size_t{500}, std::size_t{1095}}) {
    Bytes bytes = sample_report(size).encode_fixed();
    EXPECT_FALSE(Report::parse(bytes)->has_dirty_tail());
    bytes[at] = 1;
    EXPECT_TRUE(Report::parse(bytes)->has_dirty_tail()) << at;
  }
}

TEST(ReportTail, IsNotDirtyForAByteOnEitherSideOfIt) {
  Bytes bytes = sample_report(32).encode_fixed();
  bytes[72 + 31] ^= 0xff;
  bytes[1096] ^= 0xff;
  EXPECT_FALSE(Report::parse(bytes)->has_dirty_tail());
}

TEST(ReportTail, IsEmptyForFullData) {
  const Report report = Report::parse(dirty(1024)).value();
  EXPECT_TRUE(report.unsigned_tail().empty());
  EXPECT_FALSE(report.has_dirty_tail());
}

TEST(ReportTail, IsKeptInWhatWasReceivedAndLeftOutOfEveryEncoding) {
  const Bytes bytes = dirty(32);
  const Report report = Report::parse(bytes).value();
  EXPECT_EQ(copy_of(report.received()), bytes);
  for (const ReportFormat format : kFormats) {
    EXPECT_EQ(encoded(report, format), encoded(sample_report(32), format)) << to_string(format);
  }
}

// --- from fields --------------------------------------------------------------------------------

TEST(ReportFromFields, HasTheseFields) {
  std::mt19937_64 random(7);
  const ReportFields fields = random_fields(random, 40);
  const Report report = Report::from_fields(fields).value();
  EXPECT_EQ(report.format(), ReportFormat::compact);
  EXPECT_EQ(report.enclave_hash(), fields.enclave_hash);
  EXPECT_EQ(copy_of(report.data()), fields.data);
  EXPECT_EQ(report.enclave_signature(), fields.enclave_signature);
  EXPECT_EQ(report.sm_hash(), fields.sm_hash);
  EXPECT_EQ(report.sm_public_key(), fields.sm_public_key);
  EXPECT_EQ(report.sm_signature(), fields.sm_signature);
  EXPECT_EQ(report.claimed_device_key(), fields.device_key);
}

TEST(ReportFromFields, RefusesMoreThan1024BytesOfData) {
  std::mt19937_64 random(7);
  EXPECT_TRUE(Report::from_fields(random_fields(random, 1024)));
  for (const std::size_t size : {1025U, 1280U, 65536U}) {
    EXPECT_TRUE(fails_with(Report::from_fields(random_fields(random, size)), ErrorCode::usage,
                           {"data: got " + std::to_string(size) + " bytes", "at most 1024"}));
  }
}

}  // namespace
}  // namespace keystone
