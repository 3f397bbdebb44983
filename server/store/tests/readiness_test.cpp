// SPDX-License-Identifier: Apache-2.0
#include "readiness.hpp"

#include "keystone/testing/fails_with.hpp"

#include <gtest/gtest.h>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

class ReadinessTest : public ::testing::Test {
 protected:
  Status ask_at(std::chrono::milliseconds time) {
    now_ = Readiness::Clock::time_point(time);
    return readiness_.ask([this] {
      ++looks_;
      now_ += took_;
      return found_;
    });
  }

  Readiness::Clock::time_point now_{};
  Readiness readiness_{[this] { return now_; }};
  std::chrono::milliseconds took_{0};
  Status found_;
  int looks_ = 0;
};

using std::chrono::milliseconds;

TEST_F(ReadinessTest, LooksAtMostOnceASecond) {
  for (const int time : {0, 1, 500, 999}) {
    EXPECT_TRUE(succeeds(ask_at(milliseconds(time))));
  }
  EXPECT_EQ(looks_, 1);
  EXPECT_TRUE(succeeds(ask_at(milliseconds(1000))));
  EXPECT_EQ(looks_, 2);
}

TEST_F(ReadinessTest, SaysWhatIsWrongAndThenThatItIsNot) {
  EXPECT_TRUE(succeeds(ask_at(milliseconds(0))));
  found_ = fail(ErrorCode::unwritable, "store: full");
  EXPECT_TRUE(fails_with(ask_at(milliseconds(1000)), ErrorCode::unwritable));
  found_ = Status();
  EXPECT_TRUE(fails_with(ask_at(milliseconds(1999)), ErrorCode::unwritable));
  EXPECT_TRUE(succeeds(ask_at(milliseconds(2000))));
}

TEST_F(ReadinessTest, CountsFromWhenTheAnswerCame) {
  took_ = milliseconds(3000);
  EXPECT_TRUE(succeeds(ask_at(milliseconds(0))));
  EXPECT_TRUE(succeeds(ask_at(milliseconds(3999))));
  EXPECT_EQ(looks_, 1);
  EXPECT_TRUE(succeeds(ask_at(milliseconds(4000))));
  EXPECT_EQ(looks_, 2);
}

}  // namespace
}  // namespace keystone::server
