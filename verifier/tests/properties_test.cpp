// SPDX-License-Identifier: Apache-2.0
// What holds for every change of an accepted report.
#include "setting.hpp"

#include <random>

namespace keystone {
namespace {

using testing::Setting;
using Bytes = std::vector<std::uint8_t>;
using Layout = ReportLayout;

// A report in fixed form whose padding is dirty, of which a verifier knows all that it asks.
class FixedReport {
 public:
  FixedReport() {
    setting_.report = setting_.attester.report(setting_.nonce.bytes());
    bytes_ = setting_.report.encode_fixed();
    for (std::size_t i = tail_begin(); i < tail_end(); ++i) {
      bytes_[i] = static_cast<std::uint8_t>(i);
    }
  }

  [[nodiscard]] std::size_t tail_begin() const {
    return Layout::kData + setting_.nonce.bytes().size();
  }
  [[nodiscard]] static std::size_t tail_end() { return Layout::kFixedSize - Layout::kAfterData; }

  // The verdict with one bit changed; absent where that made the report unreadable.
  [[nodiscard]] std::optional<Verdict> with_flipped(std::size_t bit) const {
    Bytes changed = bytes_;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    return verdict_on(changed);
  }
  [[nodiscard]] std::optional<Verdict> verdict_on(const Bytes& bytes) const {
    const auto report = Report::parse(bytes);
    return report ? std::optional(verifier_.verify({*report}, setting_.challenge, setting_.now))
                  : std::nullopt;
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Setting setting_;
  Bytes bytes_;
  Verifier verifier_{setting_.policy};
};

TEST(VerifyProperty, NoBitOfWhatIsSignedOrSignsCanChange) {
  const FixedReport report;
  ASSERT_TRUE(report.verdict_on(report.bytes())->accepted());
  std::size_t rejected = 0;
  for (std::size_t bit = 0; bit < Layout::kFixedSize * 8; ++bit) {
    if (bit >= report.tail_begin() * 8 && bit < FixedReport::tail_end() * 8) {
      continue;
    }
    const auto verdict = report.with_flipped(bit);
    EXPECT_FALSE(verdict && verdict->accepted()) << "byte " << bit / 8 << ", bit " << bit % 8;
    rejected += verdict ? 1U : 0U;
  }
  // All but the bits of data_len that make it more than 1024: of 64, those from 2^10 up.
  EXPECT_EQ(rejected, (report.tail_begin() + Layout::kAfterData) * 8 - 54);
}

TEST(VerifyProperty, TheUnsignedTailChangesNothing) {
  const FixedReport report;
  const std::string want = to_json(*report.verdict_on(report.bytes()));
  for (std::size_t bit = report.tail_begin() * 8; bit < FixedReport::tail_end() * 8; bit += 9) {
    EXPECT_EQ(to_json(report.with_flipped(bit).value()), want) << bit;
  }
}

TEST(VerifyProperty, AClaimedDeviceKeyWithAnyBitFlippedSelectsNobody) {
  const FixedReport report;
  for (std::size_t bit = (Layout::kFixedSize - 32) * 8; bit < Layout::kFixedSize * 8; ++bit) {
    const auto verdict = report.with_flipped(bit).value();
    EXPECT_TRUE(testing::rejects_for(verdict, Check::device_key, "not_registered"));
    EXPECT_EQ(verdict.result(Check::sm_signature), CheckResult::not_evaluated);
  }
}

TEST(VerifyProperty, RandomBytesAreNeverAccepted) {
  const FixedReport report;
  std::mt19937 random(1);  // the same in every run
  for (int i = 0; i < 500; ++i) {
    Bytes bytes(i % 2 == 0 ? Layout::kFixedSize : Layout::kCompactOverhead + 32);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    std::copy_n(report.bytes().begin() + Layout::kDataLength, 8,
                bytes.begin() + Layout::kDataLength);
    const auto verdict = report.verdict_on(bytes);
    ASSERT_TRUE(verdict);
    EXPECT_FALSE(verdict->accepted());
  }
}

// From a good report, one part after another: nothing but the whole is accepted.
TEST(VerifyProperty, NoPartOfAGoodReportIsAcceptedWithRandomOthers) {
  const FixedReport report;
  std::mt19937 random(2);
  constexpr std::size_t kBorders[] = {0, 64, 72, 104, 1096, 1160, 1224, 1256, 1320, 1352};
  for (std::size_t part = 0; part + 1 < std::size(kBorders); ++part) {
    if (kBorders[part] == 64 || kBorders[part] == 104) {
      continue;  // data_len makes another form of it, and the tail is no part
    }
    Bytes bytes = report.bytes();
    for (std::size_t i = kBorders[part]; i < kBorders[part + 1]; ++i) {
      bytes[i] = static_cast<std::uint8_t>(random());
    }
    EXPECT_FALSE(report.verdict_on(bytes)->accepted()) << kBorders[part];
  }
}

TEST(VerifyProperty, EveryFormOfAReportHasTheSameVerdict) {
  for (const std::size_t size : {0U, 1U, 32U, 1023U, 1024U}) {
    Setting setting;
    const Bytes data(size, 0x33);
    setting.report = setting.attester.report(data);
    setting.challenge = Challenge::exact_data(data).value().at(testing::kOpen);
    const std::string want = to_json(setting.verify());
    EXPECT_TRUE(setting.verify().accepted());
    const std::string text = setting.report.encode_json();
    for (const Bytes& form : {setting.report.encode_fixed(), setting.report.encode_compact(),
                              Bytes(text.begin(), text.end())}) {
      setting.report = Report::parse(form).value();
      EXPECT_EQ(to_json(setting.verify()), want);
    }
  }
}

}  // namespace
}  // namespace keystone
