// SPDX-License-Identifier: Apache-2.0
// The two binary forms: which bytes are which field, and which lengths there are.
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kOne = 1;

// A byte value for each field, so that a byte in another's place shows.
Bytes distinct_fields(std::size_t data_size, std::size_t padding) {
  Bytes bytes(64, 0x01);
  bytes.resize(72);
  bytes = with_data_length(bytes, data_size);
  for (const auto& [value, size] : {std::pair<std::uint8_t, std::size_t>{0x02, data_size},
                                    {0xee, padding},
                                    {0x03, 64},
                                    {0x04, 64},
                                    {0x05, 32},
                                    {0x06, 64},
                                    {0x07, 32}}) {
    bytes.insert(bytes.end(), size, value);
  }
  return bytes;
}

std::string repeated(std::string_view digits, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    text += digits;
  }
  return text;
}

void expect_distinct_fields(const Report& report, std::size_t data_size) {
  EXPECT_EQ(report.enclave_hash().hex(), repeated("01", 64));
  EXPECT_EQ(hex::encode(report.data()), repeated("02", data_size));
  EXPECT_EQ(report.enclave_signature().hex(), repeated("03", 64));
  EXPECT_EQ(report.sm_hash().hex(), repeated("04", 64));
  EXPECT_EQ(report.sm_public_key().hex(), repeated("05", 32));
  EXPECT_EQ(report.sm_signature().hex(), repeated("06", 64));
  EXPECT_EQ(report.claimed_device_key().hex(), repeated("07", 32));
  EXPECT_EQ(hex::encode(report.signed_by_device()), repeated("04", 64) + repeated("05", 32));
  EXPECT_EQ(hex::encode(report.sm_part()),
            repeated("04", 64) + repeated("05", 32) + repeated("06", 64));
}

TEST(ReportParse, FindsEveryFieldOfTheFixedForm) {
  for (const std::size_t size : {0U, 1U, 32U, 1023U, 1024U}) {
    const Bytes bytes = distinct_fields(size, 1024 - size);
    ASSERT_EQ(bytes.size(), 1352U);
    const auto report = Report::parse(bytes);
    ASSERT_TRUE(report) << size;
    EXPECT_EQ(report->format(), ReportFormat::fixed);
    expect_distinct_fields(*report, size);
    EXPECT_EQ(copy_of(report->signed_by_sm()), copy_of(ByteView(bytes).first(72 + size)));
    EXPECT_EQ(copy_of(report->unsigned_tail()), Bytes(1024 - size, 0xee));
    EXPECT_EQ(copy_of(report->received()), bytes);
  }
}

TEST(ReportParse, FindsEveryFieldOfTheCompactForm) {
  for (const std::size_t size : {0U, 1U, 32U, 1023U}) {
    const Bytes bytes = distinct_fields(size, 0);
    ASSERT_EQ(bytes.size(), 328 + size);
    const auto report = Report::parse(bytes);
    ASSERT_TRUE(report) << size;
    EXPECT_EQ(report->format(), ReportFormat::compact);
    expect_distinct_fields(*report, size);
    EXPECT_EQ(copy_of(report->signed_by_sm()), copy_of(ByteView(bytes).first(72 + size)));
    EXPECT_TRUE(report->unsigned_tail().empty());
    EXPECT_EQ(copy_of(report->received()), bytes);
  }
}

// --- lengths ------------------------------------------------------------------------------------

TEST(ReportParse, RejectsEveryOtherLength) {
  for (const std::size_t data_size : {0U, 32U, 1023U, 1024U}) {
    Bytes bytes = distinct_fields(data_size, 1024 - data_size);
    bytes.resize(2100, 0xee);
    const std::string compact = std::to_string(328 + data_size);
    for (std::size_t size = 72; size <= bytes.size(); ++size) {
      const auto report = Report::parse(ByteView(bytes).first(size));
      if (size == 1352 || size == 328 + data_size) {
        EXPECT_TRUE(report) << size;
      } else {
        EXPECT_TRUE(fails_with(report, ErrorCode::malformed,
                               {"got " + std::to_string(size) + " bytes", "1352", compact}));
      }
    }
  }
}

TEST(ReportParse, RejectsWhatEndsBeforeTheData) {
  const Bytes bytes = distinct_fields(32, 0);
  for (std::size_t size = 0; size < 72; ++size) {
    EXPECT_TRUE(fails_with(Report::parse(ByteView(bytes).first(size)), ErrorCode::malformed,
                           {"got " + std::to_string(size) + " bytes", "1352", "328"}));
  }
}

TEST(ReportParse, RejectsEveryOtherLengthWhenTheFormIsInsistedOn) {
  const Bytes fixed = distinct_fields(32, 1024 - 32);
  const Bytes compact = distinct_fields(32, 0);
  Bytes longer = fixed;
  longer.push_back(0);
  EXPECT_TRUE(parse_as(ReportFormat::fixed, fixed));
  EXPECT_TRUE(parse_as(ReportFormat::compact, compact));
  for (std::size_t size = 0; size < longer.size(); ++size) {
    const ByteView part = ByteView(longer).first(size);
    EXPECT_EQ(parse_as(ReportFormat::fixed, part).has_value(), size == 1352) << size;
    EXPECT_EQ(parse_as(ReportFormat::compact, part).has_value(), size == 360) << size;
  }
  EXPECT_TRUE(fails_with(parse_as(ReportFormat::fixed, longer), ErrorCode::malformed,
                         {"got 1353 bytes", "1352"}));
  EXPECT_TRUE(
      fails_with(parse_as(ReportFormat::compact, fixed), ErrorCode::malformed, "want 360 in"));
}

TEST(ReportParse, TakesOneByteLessThanTheFixedFormForCompact) {
  const auto report = Report::parse(distinct_fields(1023, 0));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->format(), ReportFormat::compact);
  EXPECT_EQ(report->received().size(), 1351U);
  for (const std::uint64_t other : {0U, 1022U, 1024U}) {
    EXPECT_TRUE(fails_with(Report::parse(with_data_length(distinct_fields(1023, 0), other)),
                           ErrorCode::malformed, {"got 1351 bytes", std::to_string(328 + other)}));
  }
}

TEST(ReportParse, ReadsFullDataTheSameInBothForms) {
  const Bytes bytes = distinct_fields(1024, 0);
  ASSERT_EQ(bytes.size(), 1352U);
  const auto fixed = parse_as(ReportFormat::fixed, bytes);
  const auto compact = parse_as(ReportFormat::compact, bytes);
  ASSERT_TRUE(fixed && compact);
  EXPECT_TRUE(same_fields(*fixed, *compact));
  EXPECT_EQ(fixed->encode_fixed(), compact->encode_compact());
}

// --- data_len, which the sender chose -----------------------------------------------------------

TEST(ReportParse, RejectsADataLengthBeyond1024) {
  for (const std::uint64_t length :
       {std::uint64_t{1025}, std::uint64_t{1280}, kOne << 32U, (kOne << 32U) + 32, kOne << 63U,
        (kOne << 63U) + 32, UINT64_MAX - 71, UINT64_MAX - 327, UINT64_MAX}) {
    const std::string fact = "data_len: got " + std::to_string(length) + ", want at most 1024";
    for (const std::size_t padding : {0U, 992U, 993U, 1688U}) {
      const Bytes bytes = with_data_length(distinct_fields(32, padding), length);
      EXPECT_TRUE(fails_with(Report::parse(bytes), ErrorCode::malformed, fact));
      for (const bool allow_trailing : {false, true}) {
        EXPECT_TRUE(fails_with(parse_as(ReportFormat::fixed, bytes, allow_trailing),
                               ErrorCode::malformed, fact));
        EXPECT_TRUE(fails_with(parse_as(ReportFormat::compact, bytes, allow_trailing),
                               ErrorCode::malformed, fact));
      }
    }
  }
}

// 2^64 - 72 makes the length of the signed bytes wrap to 0, 2^64 - 328 + 1352 that of the report.
TEST(ReportParse, IsNotTakenInByALengthThatWraps) {
  for (const std::uint64_t length : {std::uint64_t{0} - 72, std::uint64_t{0} - 328,
                                     std::uint64_t{1352} - 328 + 1, std::uint64_t{0} - 256}) {
    for (const std::size_t size : {72U, 256U, 328U, 1352U, 1353U}) {
      Bytes bytes(size, 0x5a);
      EXPECT_TRUE(fails_with(Report::parse(with_data_length(bytes, length)), ErrorCode::malformed,
                             "data_len"));
    }
  }
}

TEST(ReportParse, ReadsDataLengthLittleEndian) {
  Bytes bytes = distinct_fields(256, 1024 - 256);
  ASSERT_EQ(bytes[65], 1);
  EXPECT_EQ(Report::parse(bytes)->data().size(), 256U);
  bytes[65] = 0;
  bytes[70] = 1;
  EXPECT_TRUE(fails_with(Report::parse(bytes), ErrorCode::malformed, "data_len"));
}

}  // namespace
}  // namespace keystone
