// SPDX-License-Identifier: Apache-2.0
// Which form an input is taken for, and what may lie behind it.
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::size_t kEappBuffer = 2048;  // of which upstream's eapps fill 1352

Result<Report> parse_with_trailing(ByteView input) {
  return Report::parse(input, {std::nullopt, true});
}

Bytes in_buffer(Bytes bytes, std::uint8_t behind) {
  bytes.resize(kEappBuffer, behind);
  return bytes;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// --- found out ----------------------------------------------------------------------------------

TEST(ReportFormatDetection, TellsTheThreeForms) {
  const Report report = sample_report(32);
  for (const ReportFormat format : kFormats) {
    const auto parsed = Report::parse(encoded(report, format));
    ASSERT_TRUE(parsed) << to_string(format);
    EXPECT_EQ(parsed->format(), format);
    EXPECT_TRUE(same_fields(*parsed, report)) << to_string(format);
  }
}

// A hash may start with any byte: that of an open brace, too, and of white space before one.
TEST(ReportFormatDetection, TakesABinaryReportForBinaryWhateverItsFirstBytes) {
  for (const std::string_view start : {"{", "{}", " {", "\n\t\r {\"enclave\"", "\xef\xbb\xbf{"}) {
    for (const ReportFormat format : {ReportFormat::fixed, ReportFormat::compact}) {
      for (const std::size_t data_size : {0U, 9U, 1024U}) {
        Bytes bytes = encoded(sample_report(data_size), format);
        std::copy(start.begin(), start.end(), bytes.begin());
        const auto report = Report::parse(bytes);
        ASSERT_TRUE(report) << start;
        EXPECT_NE(report->format(), ReportFormat::json) << start;
        EXPECT_EQ(copy_of(report->received()), bytes);
      }
    }
  }
}

TEST(ReportFormatDetection, SkipsWhiteSpaceBeforeJson) {
  const Report report = sample_report(32);
  for (const std::string_view space : {" ", "\t", "\n", "\r", " \r\n\t  "}) {
    const auto parsed = Report::parse(as_bytes(space) + encoded(report, ReportFormat::json));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->format(), ReportFormat::json);
    EXPECT_TRUE(same_fields(*parsed, report));
  }
}

TEST(ReportFormatDetection, RejectsWhatIsNoForm) {
  const Bytes json = encoded(sample_report(32), ReportFormat::json);
  for (const std::string_view start : {"\v", "\f", "\xc2\xa0", "x", "[", "\"", "\xef\xbb\xbf"}) {
    EXPECT_TRUE(fails_with(Report::parse(as_bytes(start) + json), ErrorCode::malformed)) << start;
  }
  for (const std::string_view text : {"", " ", "{", "{}", "null", "[]", "\n\n\n", "0"}) {
    EXPECT_TRUE(fails_with(Report::parse(as_bytes(text)), ErrorCode::malformed)) << text;
  }
}

// One genuine hash in 256 starts with a brace: its report is not to be told that it is bad JSON.
TEST(ReportFormatDetection, TakesAReportOfAWrongLengthForBinaryWhateverItsFirstByte) {
  Bytes bytes = in_buffer(encoded(sample_report(32), ReportFormat::fixed), 0);
  bytes[0] = '{';
  for (const std::size_t size : {72U, 359U, 361U, 1351U, 1353U, 2048U}) {
    EXPECT_TRUE(fails_with(Report::parse(ByteView(bytes).first(size)), ErrorCode::malformed,
                           {"got " + std::to_string(size) + " bytes", "1352", "360"}));
  }
  for (const std::size_t size : {1U, 64U, 71U}) {
    EXPECT_TRUE(fails_with(Report::parse(ByteView(bytes).first(size)), ErrorCode::malformed));
  }
}

// --- insisted on --------------------------------------------------------------------------------

TEST(ReportFormatInsisted, RefusesTheOtherForms) {
  const Report report = sample_report(32);
  for (const ReportFormat written : kFormats) {
    for (const ReportFormat wanted : kFormats) {
      const auto parsed = parse_as(wanted, encoded(report, written));
      if (written == wanted) {
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->format(), wanted);
        EXPECT_TRUE(same_fields(*parsed, report));
      } else {
        EXPECT_TRUE(fails_with(parsed, ErrorCode::malformed))
            << to_string(written) << " as " << to_string(wanted);
      }
    }
  }
}

// --- bytes behind the report --------------------------------------------------------------------

TEST(ReportTrailing, IsAnErrorWithAHintUnlessAllowed) {
  const Bytes bytes = in_buffer(sample_report(32).encode_fixed(), 0);
  const auto report = Report::parse(bytes);
  ASSERT_TRUE(fails_with(report, ErrorCode::malformed, {"got 2048 bytes", "1352", "360"}));
  EXPECT_NE(report.error().hint.find("--allow-trailing"), std::string::npos);
  const auto too_short = Report::parse(ByteView(bytes).first(1351));
  ASSERT_TRUE(fails_with(too_short, ErrorCode::malformed));
  EXPECT_EQ(too_short.error().hint, "");
}

TEST(ReportTrailing, IsIgnoredWhereAllowed) {
  for (const std::size_t data_size : {0U, 32U, 1024U}) {
    const Report report = sample_report(data_size);
    for (const std::uint8_t behind : {std::uint8_t{0}, std::uint8_t{0xff}, std::uint8_t{'{'}}) {
      Bytes bytes = in_buffer(report.encode_fixed(), behind);
      for (const auto& parsed :
           {parse_with_trailing(bytes), parse_as(ReportFormat::fixed, bytes, true)}) {
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->format(), ReportFormat::fixed);
        EXPECT_TRUE(same_fields(*parsed, report));
        EXPECT_EQ(parsed->received().size(), 1352U);
        EXPECT_FALSE(parsed->has_dirty_tail());
      }
    }
  }
}

TEST(ReportTrailing, NeedNotBeThere) {
  const Report report = sample_report(32);
  for (const ReportFormat format : kFormats) {
    const auto parsed = parse_with_trailing(encoded(report, format));
    ASSERT_TRUE(parsed) << to_string(format);
    EXPECT_EQ(parsed->format(), format);
  }
}

TEST(ReportTrailing, DoesNotMakeUpForMissingBytes) {
  const Bytes bytes = sample_report(32).encode_fixed();
  for (const std::size_t size : {0U, 71U, 72U, 359U, 361U, 1351U}) {
    EXPECT_TRUE(fails_with(parse_with_trailing(ByteView(bytes).first(size)), ErrorCode::malformed));
  }
}

TEST(ReportTrailing, IsOfTheFixedFormOnly) {
  const Bytes compact = sample_report(32).encode_compact() + Bytes{0};
  EXPECT_TRUE(fails_with(parse_with_trailing(compact), ErrorCode::malformed, "360"));
  EXPECT_TRUE(fails_with(parse_as(ReportFormat::compact, in_buffer(compact, 0), true),
                         ErrorCode::malformed, "360"));
  const Bytes json = encoded(sample_report(32), ReportFormat::json);
  EXPECT_TRUE(fails_with(parse_with_trailing(json + Bytes{'x'}), ErrorCode::malformed));
  EXPECT_TRUE(
      fails_with(parse_as(ReportFormat::json, json + Bytes{'x'}, true), ErrorCode::malformed));
}

// 1352 bytes of JSON and more are JSON still: as a data_len its letters are out of bounds.
TEST(ReportTrailing, DoesNotTakeLongJsonForABinaryReport) {
  const Report report = sample_report(1024);
  const Bytes json = encoded(report, ReportFormat::json);
  ASSERT_GT(json.size(), kEappBuffer);
  const auto parsed = parse_with_trailing(json);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->format(), ReportFormat::json);
  EXPECT_TRUE(same_fields(*parsed, report));
}

TEST(ReportFormatWords, AreTheEnumerators) {
  EXPECT_EQ(to_string(ReportFormat::fixed), "fixed");
  EXPECT_EQ(to_string(ReportFormat::compact), "compact");
  EXPECT_EQ(to_string(ReportFormat::json), "json");
  EXPECT_DEATH((void)to_string(static_cast<ReportFormat>(9)), "bug:");
}

}  // namespace
}  // namespace keystone
