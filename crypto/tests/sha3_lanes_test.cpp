// SPDX-License-Identifier: Apache-2.0
#include "sha3_lanes.hpp"

#include "keystone/testing/fails_with.hpp"
#include "sha3_paths.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <cryptopp/sha3.h>
#include <gtest/gtest.h>

// Every path that this processor has, against known answers and two other implementations.
namespace keystone::detail::sha3 {
namespace {

using testing::succeeds;
using Bytes = std::vector<std::uint8_t>;

std::string name_of(const ::testing::TestParamInfo<Path>& path) {
  return std::array{"portable", "avx2", "avx512"}.at(static_cast<std::size_t>(path.param));
}

Bytes random_bytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes bytes(size);
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

Digest512 nothing() {
  return Digest512(std::array<std::uint8_t, 64>{});
}

std::vector<Digest512> digests_of(Path path, const std::vector<ByteView>& messages) {
  std::vector<Digest512> digests(messages.size(), nothing());
  EXPECT_TRUE(succeeds(sha3_512_many(path, messages, digests)));
  return digests;
}

// The second opinion: an implementation with no code in common.
Digest512 reference_digest(ByteView bytes) {
  std::array<std::uint8_t, 64> digest{};
  CryptoPP::SHA3_512().CalculateDigest(digest.data(), bytes.data(), bytes.size());
  return Digest512(digest);
}

class Sha3Lanes : public ::testing::TestWithParam<Path> {};
INSTANTIATE_TEST_SUITE_P(Paths, Sha3Lanes, ::testing::ValuesIn(available_paths()), name_of);

TEST(Sha3Paths, AreChosenAmongThoseThatAreThere) {
  EXPECT_TRUE(is_available(Path::portable));
  EXPECT_TRUE(is_available(best_path()));
  EXPECT_EQ(best_path(), available_paths().back());
  EXPECT_EQ(keystone::digest_lanes(), digest_lanes(best_path()));
}

// Of NIST's example values for SHA3-512: messages of 0, 24 and 1600 bits.
TEST_P(Sha3Lanes, GiveTheKnownAnswersInEveryLane) {
  const Bytes abc = {'a', 'b', 'c'};
  const Bytes a3(200, 0xa3);
  const std::array<ByteView, 3> messages = {ByteView(), abc, a3};
  const std::array<std::string_view, 3> answers = {
      "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
      "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
      "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
      "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
      "e76dfad22084a8b1467fcf2ffa58361bec7628edf5f3fdc0e4805dc48caeeca8"
      "1b7c13c30adf52a3659584739a2df46be589c51ca1a4a8416df6545a1ce8ba00"};
  std::vector<ByteView> all;
  for (std::size_t i = 0; i < 8 * messages.size(); ++i) {
    all.push_back(messages[i % messages.size()]);
  }
  const auto digests = digests_of(GetParam(), all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(digests[i].hex(), answers[i % answers.size()]) << i;
  }
}

// All of one length go on side by side, so each is in a lane of its own.
TEST_P(Sha3Lanes, HashEveryLengthInEveryLane) {
  constexpr std::size_t kMost = 300;
  for (std::size_t length = 0; length <= kMost; ++length) {
    std::vector<Bytes> contents;
    for (std::size_t lane = 0; lane < 8; ++lane) {
      contents.push_back(random_bytes(length, 8 * length + lane));
    }
    const std::vector<ByteView> messages(contents.begin(), contents.end());
    const auto digests = digests_of(GetParam(), messages);
    for (std::size_t lane = 0; lane < 8; ++lane) {
      EXPECT_EQ(digests[lane], reference_digest(messages[lane])) << length << " in " << lane;
    }
  }
}

TEST_P(Sha3Lanes, HashEveryLengthAmongOthersInEveryPlace) {
  constexpr std::size_t kMost = 300;
  const Bytes bytes = random_bytes(kMost, 1);
  std::vector<Digest512> want;
  for (std::size_t length = 0; length <= kMost; ++length) {
    want.push_back(reference_digest(ByteView(bytes).first(length)));
  }
  for (std::size_t length = 0; length <= kMost; ++length) {
    for (std::size_t place = 0; place < 8; ++place) {
      std::vector<ByteView> messages;
      for (std::size_t i = 0; i < 8; ++i) {
        messages.push_back(
            ByteView(bytes).first((length + (i + 8 - place) % 8 * 37) % (kMost + 1)));
      }
      const auto digests = digests_of(GetParam(), messages);
      for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(digests[i], want[messages[i].size()]) << length << " at " << place;
      }
    }
  }
}

TEST_P(Sha3Lanes, AgreeWithOpenSslForEveryCount) {
  std::mt19937_64 random(2);
  const Bytes bytes = random_bytes(20'000, 3);
  for (std::size_t count = 0; count <= 130; count += count < 20 ? 1 : 11) {
    std::vector<ByteView> messages;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t from = random() % bytes.size();
      messages.push_back(ByteView(bytes).subspan(from, random() % (bytes.size() - from)));
    }
    const auto digests = digests_of(GetParam(), messages);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(digests[i], *sha3_512(messages[i])) << i << " of " << count;
    }
  }
}

TEST_P(Sha3Lanes, LetOneLongMessageGoOnAlone) {
  const Bytes bytes = random_bytes(1'000'003, 4);
  std::vector<ByteView> messages(11, ByteView(bytes).first(100));
  messages[5] = bytes;
  const auto digests = digests_of(GetParam(), messages);
  EXPECT_EQ(digests[5], reference_digest(bytes));
  EXPECT_EQ(digests[10], reference_digest(messages[10]));
}

TEST_P(Sha3Lanes, TakeMessagesThatShareTheirBytes) {
  const Bytes bytes = random_bytes(500, 5);
  const std::vector<ByteView> messages(9, bytes);
  for (const Digest512& digest : digests_of(GetParam(), messages)) {
    EXPECT_EQ(digest, reference_digest(bytes));
  }
}

TEST_P(Sha3Lanes, ChangeOneDigestForOneBit) {
  std::vector<Bytes> contents(8, random_bytes(145, 6));
  const std::vector<ByteView> messages(contents.begin(), contents.end());
  const auto before = digests_of(GetParam(), messages);
  for (std::size_t lane = 0; lane < 8; ++lane) {
    for (const std::size_t at : {0U, 63U, 64U, 71U, 72U, 143U, 144U}) {
      contents[lane][at] ^= 0x80;
      const auto after = digests_of(GetParam(), messages);
      for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(after[i] == before[i], i != lane) << "byte " << at << " of " << lane;
      }
      contents[lane][at] ^= 0x80;
    }
  }
}

TEST_P(Sha3Lanes, AbortWhereDigestsHaveNoPlace) {
  const std::vector<ByteView> messages(3);
  std::vector<Digest512> digests(2, nothing());
  EXPECT_DEATH(static_cast<void>(sha3_512_many(GetParam(), messages, digests)), "digests.size");
}

}  // namespace
}  // namespace keystone::detail::sha3
