// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/http_chunks.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using Outcome = ChunkDecoder::Outcome;

struct Decoded {
  Outcome outcome;
  std::string body;
  std::string left;
};

// Of a body of ten bytes at most, with ten bytes of extensions, in pieces of that size.
Decoded decode(std::string_view text, std::size_t step) {
  ChunkDecoder decoder(10);
  Decoded decoded{Outcome::wants_more, "", ""};
  while (decoded.outcome == Outcome::wants_more && !text.empty()) {
    std::string_view piece = text.substr(0, step);
    text.remove_prefix(piece.size());
    decoded.outcome = decoder.decode(piece, decoded.body, 10);
    decoded.left = std::string(piece).append(text);
  }
  return decoded;
}

TEST(HttpChunks, GiveTheSameBodyInPiecesOfAnySize) {
  constexpr std::string_view kText = "3\r\nabc\r\n007;x=y\r\ndefghij\r\n0\r\nA: b\r\n\r\nnext";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const Decoded decoded = decode(kText, step);
    EXPECT_EQ(decoded.outcome, Outcome::complete) << step;
    EXPECT_EQ(decoded.body, "abcdefghij") << step;
    EXPECT_EQ(decoded.left, "next") << step;
  }
}

TEST(HttpChunks, AreWantedToTheirEnd) {
  constexpr std::string_view kText = "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < kText.size(); ++size) {
    EXPECT_EQ(decode(kText.substr(0, size), 1).outcome, Outcome::wants_more) << size;
  }
}

TEST(HttpChunks, AreRefusedWhereTheyAreMalformed) {
  for (const std::string_view text :
       {"\r\n", "x\r\n", "-1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1\n", "1\rx", "1\r\nab",
        "1\r\na\n", "0\r\n\n", "0\r\nA\r\n", "0\r\n: b\r\n", "0\r\nA : b\r\n", "1;\x01\r\n",
        "00000000000000001\r\n", "1;extension..\r\n", "0\r\nA: 12345678\r\nB"}) {
    for (const std::size_t step : {std::size_t{1}, text.size()}) {
      EXPECT_EQ(decode(text, step).outcome, Outcome::malformed) << text;
    }
  }
}

TEST(HttpChunks, AreRefusedBeforeTheyAreTooLong) {
  for (const std::string_view text :
       {"b\r\n", "a\r\n0123456789\r\n1\r\n", "ffffffffffffffff\r\n"}) {
    const Decoded decoded = decode(text, 1);
    EXPECT_EQ(decoded.outcome, Outcome::too_large) << text;
    EXPECT_LE(decoded.body.size(), 10U) << text;
  }
}

}  // namespace
}  // namespace keystone
