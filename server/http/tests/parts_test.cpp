// SPDX-License-Identifier: Apache-2.0
// The transport's small parts: buckets, places, workers, and an answer's bytes.
#include "http/src/admission.hpp"
#include "http/src/rate_limiter.hpp"
#include "http/src/response_text.hpp"
#include "http/src/worker_pool.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace keystone::server::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr RateTable::Time kStart{};

// --- Rates -------------------------------------------------------------------------------------

TEST(RateTable, LetsABurstThroughAndThenTheRate) {
  RateTable table({2, 3}, 10);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(table.take("a", kStart)) << i;
  }
  EXPECT_EQ(table.take("a", kStart), seconds(1));
  EXPECT_EQ(table.take("a", kStart + milliseconds(499)), seconds(1));
  EXPECT_FALSE(table.take("a", kStart + milliseconds(500)));
  EXPECT_TRUE(table.take("a", kStart + milliseconds(501)));
}

TEST(RateTable, SaysForHowLongThereIsNothing) {
  RateTable table({1, 5}, 10);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(table.take("a", kStart));
  }
  table.configure({1, 1}, 10);
  EXPECT_EQ(table.take("a", kStart), seconds(5));
}

TEST(RateTable, GivesEachKeyItsOwn) {
  RateTable table({1, 1}, 10);
  EXPECT_FALSE(table.take("a", kStart));
  EXPECT_FALSE(table.take("b", kStart));
  EXPECT_TRUE(table.take("a", kStart));
}

TEST(RateTable, LimitsNothingWithoutARate) {
  RateTable table({0, 1}, 10);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(table.take("a", kStart));
  }
}

TEST(RateTable, ForgetsTheKeyUnseenLongest) {
  RateTable table({1, 1}, 2);
  EXPECT_FALSE(table.take("a", kStart));
  EXPECT_FALSE(table.take("b", kStart));
  EXPECT_TRUE(table.take("a", kStart));
  EXPECT_FALSE(table.take("c", kStart));  // b goes
  EXPECT_TRUE(table.take("a", kStart));
  EXPECT_FALSE(table.take("b", kStart));
}

// --- Places ------------------------------------------------------------------------------------

TEST(Admission, CountsAllAndThoseOfAGroup) {
  Admission admission;
  const auto a = IpAddress::parse("192.0.2.1");
  const auto b = IpAddress::parse("192.0.2.2");
  auto first = admission.enter(a, 3, 2);
  const auto second = admission.enter(a, 3, 2);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(admission.enter(a, 3, 2));
  const auto third = admission.enter(b, 3, 2);
  EXPECT_TRUE(third);
  EXPECT_FALSE(admission.enter(b, 3, 2));
  first.reset();
  EXPECT_TRUE(admission.enter(a, 3, 2));
}

TEST(Admission, CountsNoGroupWhereThereIsNone) {
  Admission admission;
  const auto first = admission.enter(std::nullopt, 2, 1);
  const auto second = admission.enter(std::nullopt, 2, 1);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(admission.enter(std::nullopt, 2, 1));
}

TEST(BodyBudget, IsSharedAndGivenBack) {
  BodyBudget budget;
  BodyBudget::Share first(budget);
  {
    BodyBudget::Share second(budget);
    EXPECT_TRUE(first.grow_to(60, 100));
    EXPECT_TRUE(second.grow_to(40, 100));
    EXPECT_FALSE(first.grow_to(61, 100));
    EXPECT_TRUE(first.grow_to(10, 100));
  }
  EXPECT_TRUE(first.grow_to(100, 100));
  EXPECT_FALSE(first.grow_to(101, 100));
}

// --- Workers -----------------------------------------------------------------------------------

TEST(WorkerPool, RefusesMoreThanItsQueueHolds) {
  std::promise<void> began;
  std::promise<void> may_end;
  std::atomic<int> ran = 0;
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.post([&] {
    began.set_value();
    may_end.get_future().wait();
  }));
  began.get_future().wait();
  EXPECT_TRUE(pool.post([&] { ++ran; }));
  EXPECT_TRUE(pool.post([&] { ++ran; }));
  EXPECT_FALSE(pool.post([&] { ++ran; }));
  std::promise<void> last;
  pool.post_next_step([&] { last.set_value(); });
  may_end.set_value();
  last.get_future().wait();
  EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, TakesNothingOnceItIsStopped) {
  WorkerPool pool(2, 2);
  pool.stop();
  EXPECT_FALSE(pool.post([] {}));
  pool.post_next_step([] { ADD_FAILURE(); });
  pool.stop();
}

// --- Answers -----------------------------------------------------------------------------------

TEST(ResponseText, IsAHeadInItsOrder) {
  Response response;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = "abc";
  EXPECT_EQ(head_text(response, {Framing::length, true, "D", "id"}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nServer: keystone-attestd\r\nX-Request-Id: id\r\n"
            "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(head_text(response, {Framing::chunked, false, "D", "id"}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nServer: keystone-attestd\r\nX-Request-Id: id\r\n"
            "Content-Type: text/plain\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST(ResponseText, HasNoLengthWhereThereIsNoBody) {
  Response response;
  response.status = 204;
  EXPECT_EQ(head_text(response, {Framing::none, true, "D", "id"}).find("Content-Length"),
            std::string::npos);
}

TEST(ResponseText, LetsNoHeaderBreakTheFraming) {
  const auto is_taken = [](std::string name, std::string value) {
    Response response;
    response.headers = {{std::move(name), std::move(value)}};
    return is_sound(response);
  };
  EXPECT_TRUE(is_taken("Location", "/a b\tc"));
  EXPECT_FALSE(is_taken("Location", "/a\r\nSet-Cookie: b"));
  EXPECT_FALSE(is_taken("Location", "/a\nb"));
  EXPECT_FALSE(is_taken("Location", std::string("a\0b", 3)));
  EXPECT_FALSE(is_taken("Location: x", "a"));
  EXPECT_FALSE(is_taken("", "a"));
  EXPECT_FALSE(is_taken("content-length", "7"));
  EXPECT_FALSE(is_taken("TRANSFER-ENCODING", "chunked"));
  EXPECT_FALSE(is_taken("Connection", "keep-alive"));
  Response other;
  other.status = 101;
  EXPECT_FALSE(is_sound(other));
}

TEST(ResponseText, SpellsChunksAndDates) {
  EXPECT_EQ(chunk("0123456789abcdef"), "10\r\n0123456789abcdef\r\n");
  EXPECT_EQ(date_text(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110, section 5.6.7
}

}  // namespace
}  // namespace keystone::server::http
