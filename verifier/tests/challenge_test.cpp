// SPDX-License-Identifier: Apache-2.0
#include "keystone/verifier/challenge.hpp"

#include "keystone/testing/fails_with.hpp"
#include "setting.hpp"

#include <utility>

namespace keystone {
namespace {

using testing::fails_with;
using testing::kOpen;
using testing::rejects_for;
using testing::Setting;

using Bytes = std::vector<std::uint8_t>;

Nonce nonce_of(const Bytes& bytes) {
  return Nonce::from(bytes).value();
}

// How a report with these data answers the challenge.
Verdict answer(const Bytes& data, const Challenge& challenge) {
  Setting setting;
  setting.report = setting.attester.report(data);
  setting.challenge = challenge.at(kOpen);
  return setting.verify();
}

TEST(Nonce, HasEightTo64Bytes) {
  for (std::size_t size = Nonce::kMinSize; size <= Nonce::kMaxSize; ++size) {
    const Bytes bytes(size, 0xab);
    const Nonce nonce = nonce_of(bytes);
    EXPECT_EQ(Bytes(nonce.bytes().begin(), nonce.bytes().end()), bytes);
    EXPECT_EQ(nonce.hex(), hex::encode(bytes));
  }
}

TEST(Nonce, IsRefusedWithAnyOtherSize) {
  for (const std::size_t size : {0U, 1U, 7U, 65U, 1024U}) {
    EXPECT_TRUE(fails_with(Nonce::from(Bytes(size)), ErrorCode::usage,
                           {"nonce: got " + std::to_string(size) + " bytes", "8 to 64"}));
  }
}

TEST(Nonce, IsAnotherOneWithMoreZeros) {
  EXPECT_EQ(nonce_of(Bytes(8)), nonce_of(Bytes(8)));
  EXPECT_NE(nonce_of(Bytes(8)), nonce_of(Bytes(9)));
  EXPECT_NE(nonce_of(Bytes(8)), nonce_of(Bytes(8, 1)));
}

TEST(Nonce, IsStillThereWhenItWasMovedFrom) {
  Nonce nonce = nonce_of(Bytes(8, 1));
  Challenge challenge = Challenge::nonce_prefix(std::move(nonce));
  const Challenge moved = std::move(challenge);
  EXPECT_TRUE(rejects_for(answer(Bytes(8, 2), Challenge::nonce_prefix(nonce)), Check::report_data,
                          "mismatch"));
  EXPECT_TRUE(rejects_for(answer(Bytes(8, 2), challenge), Check::report_data, "mismatch"));
  EXPECT_TRUE(rejects_for(answer(Bytes(8, 2), moved), Check::report_data, "mismatch"));
}

TEST(Challenge, TakesDataOfUpTo1024Bytes) {
  for (const std::size_t size : {0U, 1U, 7U, 1024U}) {
    const Bytes data(size, 0x5a);
    EXPECT_TRUE(answer(data, Challenge::exact_data(data).value()).accepted()) << size;
  }
  EXPECT_TRUE(fails_with(Challenge::exact_data(Bytes(1025)), ErrorCode::usage,
                         {"data: got 1025 bytes", "at most 1024"}));
}

TEST(Challenge, ForExactDataTakesNoOtherData) {
  const Challenge challenge = Challenge::exact_data(Bytes{1, 2, 3}).value();
  for (const Bytes& data :
       {Bytes{}, Bytes{1, 2}, Bytes{1, 2, 3, 0}, Bytes{1, 2, 4}, Bytes{0, 1, 2, 3}}) {
    EXPECT_TRUE(rejects_for(answer(data, challenge), Check::report_data, "mismatch"));
  }
}

TEST(Challenge, WithANonceTakesNoOtherData) {
  const Bytes nonce(32, 7);
  const Challenge challenge = Challenge::exact_nonce(nonce_of(nonce));
  EXPECT_TRUE(answer(nonce, challenge).accepted());
  for (const Bytes& data : {Bytes{}, Bytes(31, 7), Bytes(33, 7), Bytes(32, 8)}) {
    EXPECT_TRUE(rejects_for(answer(data, challenge), Check::report_data, "mismatch"));
  }
}

TEST(Challenge, WithANoncePrefixTakesAnyDataBehindIt) {
  const Challenge challenge = Challenge::nonce_prefix(nonce_of(Bytes(8, 7)));
  EXPECT_TRUE(answer(Bytes(8, 7), challenge).accepted());
  EXPECT_TRUE(answer(Bytes(1024, 7), challenge).accepted());
  for (const Bytes& data : {Bytes{}, Bytes(7, 7), Bytes{0, 7, 7, 7, 7, 7, 7, 7, 7}}) {
    EXPECT_TRUE(rejects_for(answer(data, challenge), Check::report_data, "mismatch"));
  }
}

TEST(Challenge, BoundToAChannelTakesItsBindingAlone) {
  const auto binding = testing::field_for<ChannelBinding>("channel");
  Bytes data(binding.bytes().begin(), binding.bytes().end());
  EXPECT_TRUE(answer(data, Challenge::bound_to(binding)).accepted());
  data.push_back(0);
  EXPECT_TRUE(
      rejects_for(answer(data, Challenge::bound_to(binding)), Check::report_data, "mismatch"));
  EXPECT_TRUE(
      rejects_for(answer(data, Challenge::bound_to(testing::field_for<ChannelBinding>("another"))),
                  Check::report_data, "mismatch"));
}

TEST(Challenge, OfNothingFailsBothChecksEvenWithATime) {
  for (const Bytes& data : {Bytes{}, Bytes(32, 7)}) {
    const Verdict verdict = answer(data, Challenge::none());
    EXPECT_EQ(verdict.with(CheckResult::failed),
              (std::vector{Check::report_data, Check::freshness}));
    EXPECT_EQ(verdict.finding(Check::report_data).reason, "no_challenge");
    EXPECT_EQ(verdict.finding(Check::freshness).reason, "no_challenge");
  }
}

TEST(Challenge, DoesNotChangeWhenItIsGivenATime) {
  const Challenge challenge = Challenge::exact_nonce(nonce_of(Bytes(8)));
  const Challenge timed = challenge.at(kOpen);
  EXPECT_FALSE(challenge.time());
  EXPECT_TRUE(timed.time());
}

}  // namespace
}  // namespace keystone
