// SPDX-License-Identifier: Apache-2.0
#include "read_all.hpp"

namespace keystone::server::http {
namespace {

// --- What is read ------------------------------------------------------------------------------

TEST(RequestReader, ReadsARequestWithoutABody) {
  EXPECT_EQ(read_all(get("Host: a\r\n", "/x/y?q=1?2&r")), Lines({"GET /x/y?q=1?2&r "}));
}

TEST(RequestReader, ReadsABodyOfTheLengthAnnounced) {
  EXPECT_EQ(read_all(post("Content-Length: 5\r\n", "abcde")), Lines({"POST /p? abcde"}));
  EXPECT_EQ(read_all(post("Content-Length: 0\r\n", "")), Lines({"POST /p? "}));
}

TEST(RequestReader, ReadsChunksAndDropsExtensionsAndTrailers) {
  EXPECT_EQ(read_all(post("Transfer-Encoding: chunked\r\n",
                          "3;n=v\r\nabc\r\n0a\r\n0123456789\r\n0\r\nTrail: er\r\n\r\n")),
            Lines({"POST /p? abc0123456789"}));
  EXPECT_EQ(read_all(post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")), Lines({"POST /p? "}));
}

TEST(RequestReader, KeepsTrailersOutOfTheHeaders) {
  RequestReader reader;
  (void)reader.feed(post("Transfer-Encoding: chunked\r\n", "0\r\nAuthorization: Bearer x\r\n\r\n"),
                    kLimits);
  ASSERT_EQ(reader.expect_body(kMaxBody), State::complete);
  const Request request = reader.take(kLimits);
  EXPECT_EQ(request.header("authorization"), nullptr);
  EXPECT_NE(request.header("HOST"), nullptr);
}

TEST(RequestReader, ReadsOneRequestAfterTheOther) {
  const std::string one = get("Host: a\r\n", "/1");
  const std::string two = post("Content-Length: 2\r\n", "xy");
  EXPECT_EQ(read_all(one + two + one), Lines({"GET /1? ", "POST /p? xy", "GET /1? "}));
}

TEST(RequestReader, PassesOverOneEmptyLineBeforeARequest) {
  EXPECT_EQ(read_all("\r\n" + get("Host: a\r\n")), Lines({"GET /? "}));
  EXPECT_EQ(read_all("\r\n\r\n" + get("Host: a\r\n")), refused(400));
}

TEST(RequestReader, TakesTheAbsoluteFormAndAsteriskOfOptions) {
  EXPECT_EQ(read_all(get("Host: a\r\n", "http://b:80/x?y")), Lines({"GET /x?y "}));
  EXPECT_EQ(read_all(get("Host: a\r\n", "HTTPS://b")), Lines({"GET /? "}));
  EXPECT_EQ(read_all(get("Host: a\r\n", "http://b?y")), Lines({"GET /?y "}));
  EXPECT_EQ(read_all("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), Lines({"OPTIONS *? "}));
}

TEST(RequestReader, TellsWhetherTheConnectionMayGoOn) {
  const auto keeps = [](std::string_view bytes) {
    RequestReader reader;
    EXPECT_EQ(reader.feed(bytes, kLimits), State::has_head);
    return reader.wants_keep_alive();
  };
  EXPECT_TRUE(keeps(get("Host: a\r\n")));
  EXPECT_FALSE(keeps(get("Host: a\r\nConnection: x, Close\r\n")));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestReader, AsksForAGoAheadOnlyWhereTheClientWaitsForIt) {
  const auto waits = [](std::string_view bytes) {
    RequestReader reader;
    EXPECT_EQ(reader.feed(bytes, kLimits), State::has_head);
    (void)reader.expect_body(kMaxBody);
    return reader.waits_for_continue();
  };
  EXPECT_TRUE(waits(post("Content-Length: 2\r\nExpect: 100-Continue\r\n", "")));
  EXPECT_FALSE(waits(post("Content-Length: 2\r\nExpect: 100-continue\r\n", "x")));
  EXPECT_FALSE(waits(post("Content-Length: 0\r\nExpect: 100-continue\r\n", "")));
  EXPECT_FALSE(waits(post("Content-Length: 2\r\n", "")));
}

// --- What is refused ---------------------------------------------------------------------------

TEST(RequestReader, RefusesLinesThatAnotherServerCouldEndElsewhere) {
  for (const std::string bytes :
       {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\tX: folded\r\n\r\n", " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n"}) {
    EXPECT_EQ(read_all(bytes), refused(400)) << bytes;
  }
}

TEST(RequestReader, RefusesHeadersThatAreNone) {
  for (const std::string header : {"X : b\r\n", ": b\r\n", "X\r\n", "X y: b\r\n", "X: a\x01 b\r\n",
                                   "X: a\x7f\r\n", "X(: b\r\n"}) {
    EXPECT_EQ(read_all(get("Host: a\r\n" + header)), refused(400)) << header;
  }
  EXPECT_EQ(read_all(get(std::string("Host: a\r\nX: a\0b\r\n", 17))), refused(400));
}

TEST(RequestReader, RefusesTwoWaysToFindTheEndOfABody) {
  for (const std::string headers :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n", "Content-Length: 3 3\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"}) {
    EXPECT_EQ(read_all(post(headers, "0\r\n\r\n")), refused(400)) << headers;
  }
  EXPECT_EQ(read_all("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            refused(400));
}

TEST(RequestReader, RefusesOtherTransferEncodings) {
  for (const std::string value :
       {"gzip", "gzip, chunked", "chunked, gzip", "identity", "xchunked", "chunked;q=1", ""}) {
    EXPECT_EQ(read_all(post("Transfer-Encoding: " + value + "\r\n", "0\r\n\r\n")), refused(501))
        << value;
  }
}

TEST(RequestReader, RefusesChunksThatAreNone) {
  for (const std::string body :
       {"x\r\n", "3\nabc\n0\n\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n", "-1\r\n",
        " 3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "3 x\r\nabc\r\n0\r\n\r\n", "\r\n",
        "ffffffffffffffffff\r\n", "0\r\nX y: z\r\n\r\n"}) {
    EXPECT_EQ(read_all(post("Transfer-Encoding: chunked\r\n", body)), refused(400)) << body;
  }
}

TEST(RequestReader, RefusesMoreOrLessThanOneHost) {
  for (const std::string headers : {"", "Host: a\r\nHost: a\r\n", "Host:\r\n", "Host: a, b\r\n",
                                    "Host: a/b\r\n", "Host: u@a\r\n", "Host: a b\r\n"}) {
    EXPECT_EQ(read_all(get(headers)), refused(400)) << headers;
  }
  EXPECT_EQ(read_all("GET / HTTP/1.0\r\n\r\n"), Lines({"GET /? "}));
}

TEST(RequestReader, RefusesTargetsThatAreNone) {
  for (const std::string target : {"x", "*", "a:80", "ftp://a/", "http:///x", "http://u@a/", "/x#y",
                                   "/\xc3\xa9", "//a b", "\\"}) {
    EXPECT_EQ(read_all(get("Host: a\r\n", target)), refused(400)) << target;
  }
}

TEST(RequestReader, RefusesOtherVersionsAndProtocols) {
  EXPECT_EQ(read_all("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), refused(505));
  EXPECT_EQ(read_all("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), refused(505));
  EXPECT_EQ(read_all("GET /\r\n\r\n"), refused(400));
  EXPECT_EQ(read_all("GET / http/1.1\r\nHost: a\r\n\r\n"), refused(400));
  EXPECT_EQ(read_all("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), refused(400));
  EXPECT_EQ(read_all(std::string("\x16\x03\x01\x02\x00\x01", 6)), refused(400));
}

TEST(RequestReader, RefusesOtherExpectations) {
  EXPECT_EQ(read_all(post("Content-Length: 1\r\nExpect: more\r\n", "a")), refused(417));
}

}  // namespace
}  // namespace keystone::server::http
