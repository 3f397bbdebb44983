// SPDX-License-Identifier: Apache-2.0
#include "api/session.hpp"

#include "api/open_sessions.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/testing/fails_with.hpp"
#include "site.hpp"

namespace keystone::server {
namespace {

using std::chrono::seconds;
using testing::bytes_for;
using testing::kNow;

const auto kKey = bytes_for<32>("sealing key");

Session example() {
  return {bytes_for<16>("serial"),
          Nonce::from(bytes_for<32>("nonce")).value(),
          false,
          kNow,
          kNow + seconds(300),
          {"default", 7}};
}

TEST(SessionId, SaysWhatWasSealed) {
  for (const std::size_t size : {std::size_t{8}, std::size_t{32}, std::size_t{64}}) {
    Session session = example();
    const auto bytes = bytes_for<64>("nonce");
    session.nonce = Nonce::from(ByteView(bytes).first(size)).value();
    session.callers_nonce = size == 64;
    session.policy = size == 8 ? PolicyRef() : PolicyRef{std::string(128, 'p'), UINT64_MAX};
    const auto opened = open_session(seal_session(session, kKey).value(), kKey).value();
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->serial, session.serial);
    EXPECT_EQ(opened->nonce, session.nonce);
    EXPECT_EQ(opened->callers_nonce, session.callers_nonce);
    EXPECT_EQ(opened->issued, session.issued);
    EXPECT_EQ(opened->expires, session.expires);
    EXPECT_EQ(opened->policy, session.policy);
  }
}

TEST(SessionId, IsNoneAfterAnyBitWasFlipped) {
  const auto id = seal_session(example(), kKey).value();
  auto bytes = base64::decode("id", id, base64::Form::url).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    bytes[bit / 8] ^= mask;
    EXPECT_FALSE(open_session(base64::encode(bytes, base64::Form::url), kKey).value()) << bit;
    bytes[bit / 8] ^= mask;
  }
}

TEST(SessionId, IsNoneAfterAnyCharacterWasChanged) {
  const auto id = seal_session(example(), kKey).value();
  for (std::size_t i = 0; i < id.size(); ++i) {
    for (const char other : {'A', 'b', '_', '=', '%', '/', '\0'}) {
      std::string changed = id;
      changed[i] = other;
      if (changed != id) {
        EXPECT_FALSE(open_session(changed, kKey).value()) << i;
      }
    }
  }
}

TEST(SessionId, IsNoneWhenCutOrLengthened) {
  const auto id = seal_session(example(), kKey).value();
  for (std::size_t size = 0; size < id.size(); ++size) {
    EXPECT_FALSE(open_session(id.substr(0, size), kKey).value()) << size;
  }
  EXPECT_FALSE(open_session(id + "A", kKey).value());
  EXPECT_FALSE(open_session(std::string(1 << 20, 'A'), kKey).value());
}

TEST(SessionId, IsNoneUnderAnotherKey) {
  EXPECT_FALSE(
      open_session(seal_session(example(), kKey).value(), bytes_for<32>("another")).value());
}

TEST(SessionId, HasNoRoomForALongerPolicyName) {
  Session session = example();
  session.policy.name = std::string(256, 'p');
  EXPECT_TRUE(testing::fails_with(seal_session(session, kKey), ErrorCode::usage, "policy"));
}

TEST(OpenSessions, AreAsManyAsMayBe) {
  OpenSessions open;
  EXPECT_TRUE(open.add(kNow + seconds(5), kNow, 2));
  EXPECT_TRUE(open.add(kNow + seconds(6), kNow, 2));
  EXPECT_FALSE(open.add(kNow + seconds(7), kNow, 2));
  EXPECT_EQ(open.count(kNow), 2U);
}

TEST(OpenSessions, ExpireByThemselves) {
  OpenSessions open;
  ASSERT_TRUE(open.add(kNow + seconds(5), kNow, 1));
  EXPECT_FALSE(open.add(kNow + seconds(9), kNow + seconds(5), 1));
  EXPECT_TRUE(open.add(kNow + seconds(9), kNow + seconds(6), 1));
  EXPECT_EQ(open.count(kNow + seconds(6)), 1U);
}

TEST(OpenSessions, AreFewerWhenOneIsAnswered) {
  OpenSessions open;
  ASSERT_TRUE(open.add(kNow, kNow, 1));
  open.remove(kNow);
  EXPECT_TRUE(open.add(kNow, kNow, 1));
}

TEST(OpenSessions, AreNeverLessThanNone) {
  OpenSessions open;
  open.remove(kNow);
  ASSERT_TRUE(open.add(kNow, kNow, 1));
  open.remove(kNow + seconds(1));
  EXPECT_EQ(open.count(kNow), 1U);
}

}  // namespace
}  // namespace keystone::server
