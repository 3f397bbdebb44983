// SPDX-License-Identifier: Apache-2.0
#include "session_json.hpp"

#include <keystone/testing/fails_with.hpp>

namespace keystone::detail {
namespace {

using testing::fails_with;

Result<SessionBody> session_with(const std::string& nonce, const std::string& expiry) {
  return parse_session(R"({"nonce":")" + nonce + R"(","expiry":")" + expiry +
                       R"(","status":"waiting"})");
}

constexpr const char* kZulu = "2026-11-23T08:00:00Z";

TEST(SessionExpiry, IsReadInEveryZone) {
  const auto zulu = parse_instant("want", kZulu).value();
  for (const char* text : {kZulu, "2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00-00:00",
                           "2026-11-23T10:00:00+02:00", "2026-11-23T13:45:00+05:45",
                           "2026-11-22T22:30:00-09:30", "2026-11-24T07:59:00+23:59",
                           "2026-11-23T10:00:00.123456789+02:00", "2026-11-23T08:00:00.999Z"}) {
    const auto session = session_with("AAECAwQFBgc=", text);
    ASSERT_TRUE(session) << session.error().message;
    EXPECT_EQ(session->expires, zulu) << text;
  }
}

TEST(SessionExpiry, IsNothingElse) {
  for (const char* text : {"",
                           "Z",
                           "2026-11-23",
                           "2026-11-23T08:00:00",
                           "2026-11-23T08:00:00z",
                           "2026-11-23 08:00:00Z",
                           "2026-11-23T08:00:00.Z",
                           "2026-11-23T08:00:00.5",
                           "2026-11-23T08:00:00.5.5Z",
                           "2026-11-23T08:00:00,5Z",
                           "2026-11-23T08:00:00+02",
                           "2026-11-23T08:00:00+0200",
                           "2026-11-23T08:00:00+24:00",
                           "2026-11-23T08:00:00+02:60",
                           "2026-11-23T08:00:00+2:000",
                           "2026-11-23T08:00:00 02:00",
                           "2026-11-23T08:00:00+02:00Z",
                           "2026-11-23T08:00:00Z+02:00",
                           "2026-11-31T08:00:00+02:00",
                           "2026-11-23T24:00:00+02:00",
                           "2026-11-23T08:00+02:00",
                           "2026-11-23T08:00:00+-2:00"}) {
    EXPECT_TRUE(fails_with(session_with("AAECAwQFBgc=", text), ErrorCode::malformed, "expiry:"))
        << text;
  }
}

// Ten bytes of 0xfb, which want the characters in which the alphabets differ, and padding.
TEST(SessionNonce, IsReadInBothAlphabetsPaddedOrNot) {
  const std::vector<std::uint8_t> nonce(10, 0xfb);
  for (const char* text :
       {"+/v7+/v7+/v7+w==", "+/v7+/v7+/v7+w", "-_v7-_v7-_v7-w==", "-_v7-_v7-_v7-w"}) {
    const auto session = session_with(text, kZulu);
    ASSERT_TRUE(session) << text << session.error().message;
    EXPECT_EQ(session->nonce, nonce) << text;
  }
}

TEST(SessionNonce, IsNothingElse) {
  for (const char* text :
       {"+/v7+/v7+/v7-w", "+/v7-_v7+/v7+w==", "+/v7+/v7+/v7+w=", "+/v7+/v7+/v7+x",
        "+/v7+/v7+/v7+w===", "=", "+/v7+/v7+/v7+", "+/v7+/v7 +/v7+w", "+/v7+/v7\\n+/v7+w",
        "+/v7=/v7+/v7", "AAECAwQFBg", ""}) {
    EXPECT_TRUE(fails_with(session_with(text, kZulu), ErrorCode::malformed, "nonce:")) << text;
  }
}

}  // namespace
}  // namespace keystone::detail
