// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

namespace keystone {
namespace {

using testing::made;
using testing::makes_nothing;
using testing::OwnedReport;
using testing::Setting;

using Bytes = std::vector<std::uint8_t>;

Bytes json_bytes(const Report& report) {
  const std::string text = report.encode_json();
  return {text.begin(), text.end()};
}

OwnedReport parse(const Bytes& bytes, keystone_report_format format, std::uint32_t flags = 0) {
  return made<OwnedReport>(keystone_report_parse, bytes.data(), bytes.size(), format, flags);
}

::testing::AssertionResult refuses(const Bytes& bytes, keystone_report_format format,
                                   std::uint32_t flags = 0) {
  return makes_nothing<OwnedReport>(KEYSTONE_ERROR_MALFORMED, "", keystone_report_parse,
                                    bytes.data(), bytes.size(), format, flags);
}

Bytes data_of(const OwnedReport& report) {
  std::size_t size = 0;
  const std::uint8_t* const data = keystone_report_data(report.get(), &size);
  return {data, data + size};
}

class CReport : public ::testing::Test {
 protected:
  const Report report_ = Setting().report;
  const Bytes data_{report_.data().begin(), report_.data().end()};
  const Bytes fixed_ = report_.encode_fixed();
  const Bytes compact_ = report_.encode_compact();
  const Bytes json_ = json_bytes(report_);
};

TEST_F(CReport, IsReadInEachFormatAndSaysWhichItWas) {
  const std::pair<const Bytes*, keystone_report_format> forms[] = {
      {&fixed_, KEYSTONE_FORMAT_FIXED},
      {&compact_, KEYSTONE_FORMAT_COMPACT},
      {&json_, KEYSTONE_FORMAT_JSON}};
  for (const auto& form : forms) {
    for (const auto asked : {KEYSTONE_FORMAT_ANY, form.second}) {
      const auto read = parse(*form.first, asked);
      EXPECT_EQ(keystone_report_format_of(read.get()), form.second);
      EXPECT_EQ(data_of(read), data_);
    }
  }
}

TEST_F(CReport, IsOfNoOtherFormatThanItIs) {
  EXPECT_TRUE(refuses(fixed_, KEYSTONE_FORMAT_COMPACT));
  EXPECT_TRUE(refuses(fixed_, KEYSTONE_FORMAT_JSON));
  EXPECT_TRUE(refuses(compact_, KEYSTONE_FORMAT_FIXED));
  EXPECT_TRUE(refuses(compact_, KEYSTONE_FORMAT_JSON));
  EXPECT_TRUE(refuses(json_, KEYSTONE_FORMAT_FIXED));
  EXPECT_TRUE(refuses(json_, KEYSTONE_FORMAT_COMPACT));
}

TEST_F(CReport, HasNoBytesBehindItUnlessTheyAreAllowed) {
  Bytes buffer = fixed_;
  buffer.resize(2048, 0xee);
  EXPECT_TRUE(refuses(buffer, KEYSTONE_FORMAT_ANY));
  const auto read = parse(buffer, KEYSTONE_FORMAT_ANY, KEYSTONE_ALLOW_TRAILING);
  EXPECT_EQ(data_of(read), data_);
}

TEST_F(CReport, RefusesFlagsThatThereAreNot) {
  for (const std::uint32_t flags : {2U, 3U, 0x80000000U}) {
    EXPECT_TRUE(makes_nothing<OwnedReport>(KEYSTONE_ERROR_USAGE, "flags", keystone_report_parse,
                                           fixed_.data(), fixed_.size(), KEYSTONE_FORMAT_ANY,
                                           flags));
  }
}

TEST_F(CReport, RefusesMoreThanAnyReportHas) {
  const Bytes large((std::size_t{64} << 10U) + 1, '{');
  EXPECT_TRUE(makes_nothing<OwnedReport>(KEYSTONE_ERROR_LIMIT_EXCEEDED, "", keystone_report_parse,
                                         large.data(), large.size(), KEYSTONE_FORMAT_ANY, 0U));
}

TEST_F(CReport, OutlivesTheBytesItCameIn) {
  Bytes bytes = fixed_;
  const auto read = parse(bytes, KEYSTONE_FORMAT_ANY);
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  EXPECT_EQ(data_of(read), data_);
}

TEST_F(CReport, WithoutDataHasNone) {
  const auto read = parse(testing::Attester().report({}).encode_compact(), KEYSTONE_FORMAT_ANY);
  EXPECT_EQ(data_of(read), Bytes());
}

TEST_F(CReport, GivesNoDataWithoutItsSize) {
  EXPECT_EQ(keystone_report_data(parse(fixed_, KEYSTONE_FORMAT_ANY).get(), nullptr), nullptr);
}

}  // namespace
}  // namespace keystone
