// SPDX-License-Identifier: Apache-2.0
#include "keystone/testing/fails_with.hpp"
#include "sha3_paths.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace keystone::detail::sha3 {
namespace {

using testing::fails_with;
using testing::succeeds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kChunk = std::size_t{512} * 72;  // what is read at once

// Some messages in a row, and what becomes of them.
class Messages {
 public:
  struct Message {
    Bytes bytes;
    std::optional<std::size_t> fails_at{};  // the offset from which nothing can be read
    unsigned reads_after_end = 0;
    std::vector<Result<Digest512>> answers{};
  };

  void add(std::size_t size, std::optional<std::size_t> fails_at = {}) {
    Bytes bytes(size);
    std::uint32_t word = static_cast<std::uint32_t>(size + all_.size());
    for (std::uint8_t& byte : bytes) {
      word = word * 1664525U + 1013904223U;
      byte = static_cast<std::uint8_t>(word >> 24U);
    }
    all_.push_back({std::move(bytes), fails_at});
  }

  void hash(Path path, std::size_t most_at_once) {
    sha3_512_streams(
        path,
        [this]() -> std::unique_ptr<DigestStream> {
          if (next_ == all_.size()) {
            return nullptr;
          }
          most_open_ = std::max(most_open_, ++open_);
          return std::make_unique<Stream>(*this, all_[next_++]);
        },
        most_at_once);
  }

  [[nodiscard]] const std::vector<Message>& all() const { return all_; }
  [[nodiscard]] std::size_t open() const { return open_; }
  [[nodiscard]] std::size_t most_open() const { return most_open_; }

 private:
  class Stream final : public DigestStream {
   public:
    Stream(Messages& messages, Message& message) : messages_(messages), message_(message) {}
    ~Stream() override { --messages_.open_; }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      message_.reads_after_end += ended_ ? 1 : 0;
      const ByteView left = ByteView(message_.bytes).subspan(at_);
      const std::size_t count = std::min(left.size(), out.size());
      if (message_.fails_at && at_ + count > *message_.fails_at) {
        ended_ = true;
        return fail(ErrorCode::unreadable, "gone");
      }
      std::copy_n(left.begin(), count, out.begin());
      at_ += count;
      ended_ = count < out.size();
      return count;
    }

    void finish(Result<Digest512> digest) override {
      message_.answers.push_back(std::move(digest));
    }

   private:
    Messages& messages_;
    Message& message_;
    std::size_t at_ = 0;
    bool ended_ = false;
  };

  std::vector<Message> all_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;
  std::size_t most_open_ = 0;
};

void expect_right_digests(const Messages& messages) {
  for (const auto& message : messages.all()) {
    ASSERT_EQ(message.answers.size(), 1U);
    EXPECT_EQ(message.reads_after_end, 0U);
    if (!message.fails_at) {
      ASSERT_TRUE(succeeds(message.answers[0]));
      EXPECT_EQ(*message.answers[0], *sha3_512(message.bytes)) << message.bytes.size();
    }
  }
  EXPECT_EQ(messages.open(), 0U);
}

class Sha3Streams : public ::testing::TestWithParam<Path> {};
INSTANTIATE_TEST_SUITE_P(Paths, Sha3Streams, ::testing::ValuesIn(available_paths()));

TEST_P(Sha3Streams, HashEveryLengthAboutTheSizeOfARead) {
  Messages messages;
  for (const std::size_t around : {std::size_t{72}, kChunk - 72, kChunk, 2 * kChunk}) {
    for (std::size_t size = around - 2; size <= around + 2; ++size) {
      messages.add(size);
    }
  }
  messages.add(0);
  messages.hash(GetParam(), 8);
  expect_right_digests(messages);
}

TEST_P(Sha3Streams, HashEveryCount) {
  for (std::size_t count = 0; count <= 17; ++count) {
    Messages messages;
    for (std::size_t i = 0; i < count; ++i) {
      messages.add(i * 7919 % 50'000);
    }
    messages.hash(GetParam(), 8);
    expect_right_digests(messages);
  }
}

TEST_P(Sha3Streams, OpenNoMoreAtOnceThanTheyMay) {
  for (std::size_t most = 1; most <= 9; ++most) {
    Messages messages;
    for (std::size_t i = 0; i < 20; ++i) {
      messages.add(i * 100);
    }
    messages.hash(GetParam(), most);
    EXPECT_EQ(messages.most_open(), std::min(most, digest_lanes(GetParam())));
    expect_right_digests(messages);
  }
}

TEST_P(Sha3Streams, GoOnWhereOneCannotBeRead) {
  Messages messages;
  for (std::size_t i = 0; i < 20; ++i) {
    messages.add(i * 4000);
  }
  messages.add(500, 0);
  messages.add(3 * kChunk, 2 * kChunk);
  messages.add(900);
  messages.hash(GetParam(), 8);
  expect_right_digests(messages);
  EXPECT_TRUE(fails_with(messages.all()[20].answers[0], ErrorCode::unreadable, "gone"));
  EXPECT_TRUE(fails_with(messages.all()[21].answers[0], ErrorCode::unreadable, "gone"));
}

TEST_P(Sha3Streams, AnswerWhenNothingCanBeRead) {
  Messages messages;
  for (std::size_t i = 0; i < 10; ++i) {
    messages.add(100, 0);
  }
  messages.hash(GetParam(), 8);
  expect_right_digests(messages);
  for (const auto& message : messages.all()) {
    EXPECT_TRUE(fails_with(message.answers[0], ErrorCode::unreadable));
  }
}

}  // namespace
}  // namespace keystone::detail::sha3
