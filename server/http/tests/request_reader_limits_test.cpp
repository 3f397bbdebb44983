// SPDX-License-Identifier: Apache-2.0
#include "read_all.hpp"

namespace keystone::server::http {
namespace {

TEST(RequestReaderLimits, TakesAHeadOfTheLargestSizeAndNoMore) {
  const std::string frame = get("Host: a\r\nX: \r\n");
  const auto with = [&](std::size_t size) {
    return get("Host: a\r\nX: " + std::string(size - frame.size(), 'x') + "\r\n");
  };
  EXPECT_EQ(read_all(with(kLimits.max_head)), Lines({"GET /? "}));
  EXPECT_EQ(read_all(with(kLimits.max_head + 1)), refused(431));
  EXPECT_EQ(read_all("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x')), refused(431));
}

TEST(RequestReaderLimits, TakesAsManyHeadersAsAllowedAndNoMore) {
  const auto with = [](std::size_t count) {
    std::string headers = "Host: a\r\n";
    for (std::size_t i = 1; i < count; ++i) {
      headers += "X: y\r\n";
    }
    return get(headers);
  };
  EXPECT_EQ(read_all(with(kLimits.max_headers)), Lines({"GET /? "}));
  EXPECT_EQ(read_all(with(kLimits.max_headers + 1)), refused(431));
}

TEST(RequestReaderLimits, TakesATargetOfTheLargestSizeAndNoMore) {
  const auto with = [](std::size_t size) {
    return get("Host: a\r\n", "/" + std::string(size - 1, 'x'));
  };
  EXPECT_EQ(read_all(with(kLimits.max_target)).at(0).size(), kLimits.max_target + 6);
  EXPECT_EQ(read_all(with(kLimits.max_target + 1)), refused(414));
  EXPECT_EQ(read_all("GET /" + std::string(900, 'x')), refused(414));
}

TEST(RequestReaderLimits, TakesABodyOfTheLargestSizeAndNoMore) {
  const std::string most(kMaxBody, 'b');
  EXPECT_EQ(read_all(post("Content-Length: 100\r\n", most)), Lines({"POST /p? " + most}));
  EXPECT_EQ(read_all(post("Content-Length: 101\r\n", "")), refused(413));
  EXPECT_EQ(read_all(post("Transfer-Encoding: chunked\r\n", "64\r\n" + most + "\r\n0\r\n\r\n")),
            Lines({"POST /p? " + most}));
  EXPECT_EQ(read_all(post("Transfer-Encoding: chunked\r\n", "64\r\n" + most + "\r\n1\r\n")),
            refused(413));
  EXPECT_EQ(read_all(post("Transfer-Encoding: chunked\r\n", "7fffffffffffffff\r\n")), refused(413));
}

TEST(RequestReaderLimits, HoldsNoEndlessChunkExtension) {
  RequestReader reader;
  ASSERT_EQ(reader.feed(post("Transfer-Encoding: chunked\r\n", "1;"), kLimits), State::has_head);
  State state = reader.expect_body(kMaxBody);
  std::size_t fed = 0;
  for (; state == State::body && fed < 10 * kLimits.max_head; ++fed) {
    state = reader.feed("x", kLimits);
  }
  EXPECT_EQ(state, State::refused);
  EXPECT_LE(fed, kLimits.max_head + 1);
  EXPECT_EQ(reader.refusal().status, 400U);
}

TEST(RequestReaderLimits, TakesNoEndlessTrailers) {
  RequestReader reader;
  ASSERT_EQ(reader.feed(post("Transfer-Encoding: chunked\r\n", "0\r\n"), kLimits), State::has_head);
  State state = reader.expect_body(kMaxBody);
  std::size_t fed = 0;
  for (; state == State::body && fed < 10 * kLimits.max_head; ++fed) {
    state = reader.feed("a:\r\n", kLimits);
  }
  EXPECT_EQ(state, State::refused);
  EXPECT_LE(fed, kLimits.max_head + 1);
}

}  // namespace
}  // namespace keystone::server::http
