// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_serve_conversation.hpp"

#include "keystone/channel/raw.hpp"
#include "keystone/channel/schannel.hpp"
#include "keystone/crypto/channel_binding.hpp"
#include "keystone/testing/fails_with.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

using testing::fails_with;
using Bytes = std::vector<std::uint8_t>;

Bytes joined(Bytes left, ByteView right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes raw_frame(ByteView payload) {
  return channel::encode_frame(channel::raw::kRequestFrames, payload).value();
}

// An attester that signs nothing: a report with the data, and otherwise zeros.
Result<Report> unsigned_report(ByteView data) {
  Bytes bytes(328 + data.size());
  bytes[64] = static_cast<std::uint8_t>(data.size());
  bytes[65] = static_cast<std::uint8_t>(data.size() >> 8U);
  std::copy(data.begin(), data.end(), bytes.begin() + 72);
  return Report::parse(bytes, {.format = ReportFormat::compact});
}

Result<Report> no_report(ByteView) {
  return fail(ErrorCode::internal, "no report today");
}

std::unique_ptr<Conversation> begun(const ConversationKind& kind,
                                    const Attest& attest = unsigned_report) {
  auto conversation = converse(kind, attest).value();
  EXPECT_TRUE(conversation->begin().value().answer.empty());
  return conversation;
}

const ConversationKind kRaw{ServeProtocol::raw, false, ReportFormat::compact};
const ConversationKind kWasm{ServeProtocol::wasm_demo};
const ConversationKind kBoundWasm{ServeProtocol::wasm_demo, true};
const ConversationKind kDemo{ServeProtocol::keystone_demo};
const ConversationKind kBoundDemo{ServeProtocol::keystone_demo, true};

Bytes client_key() {
  Bytes key(97, 7);
  key.front() = 4;
  return key;
}

// --- raw ---------------------------------------------------------------------------------------

TEST(RawConversation, AnswersDataWithTheirReportHoweverTheyAreCut) {
  const Bytes data{1, 2, 3};
  const Bytes stream = raw_frame(data);
  const Bytes report = unsigned_report(data)->encode_compact();
  for (std::size_t cut = 0; cut < stream.size(); ++cut) {
    const auto conversation = begun(kRaw);
    const auto first = conversation->receive(ByteView(stream).first(cut)).value();
    EXPECT_TRUE(first.answer.empty());
    EXPECT_FALSE(first.ended);
    const auto second = conversation->receive(ByteView(stream).subspan(cut)).value();
    EXPECT_EQ(second.answer, joined({0x4b, 1, 0, 0}, report));  // 331 bytes
    EXPECT_TRUE(second.ended);
  }
}

TEST(RawConversation, RefusesNoDataAndTooMuchBeforeItIsThere) {
  EXPECT_TRUE(fails_with(begun(kRaw)->receive(Bytes(4)), ErrorCode::malformed, "data: got none"));
  EXPECT_TRUE(fails_with(begun(kRaw)->receive(Bytes{1, 4, 0, 0}), ErrorCode::limit_exceeded,
                         {"got 1025", "at most 1024"}));
}

TEST(RawConversation, FailsAsTheAttesterDoes) {
  EXPECT_TRUE(fails_with(begun(kRaw, no_report)->receive(raw_frame(Bytes(8))), ErrorCode::internal,
                         "no report today"));
}

TEST(RawConversation, MayEndBetweenFramesOnly) {
  const auto conversation = begun(kRaw);
  EXPECT_TRUE(conversation->finish());
  ASSERT_TRUE(conversation->receive(Bytes{8}));
  EXPECT_TRUE(fails_with(conversation->finish(), ErrorCode::malformed, "stream"));
}

// --- wasm-demo and schannel-demo ---------------------------------------------------------------

TEST(SchannelConversation, AttestsEightBytesOfTheNonceAndAZero) {
  const Bytes hello = joined({9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, client_key());
  const auto step = begun(kWasm)->receive(hello).value();
  EXPECT_TRUE(step.ended);
  const auto server =
      channel::schannel::decode_server_hello(channel::schannel::Dialect::wasm, step.answer);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->report, unsigned_report(Bytes{1, 2, 3, 4, 5, 6, 7, 8, 0})->encode_compact());
}

TEST(SchannelConversation, BindsBothKeysTheNonceAndTheHandshake) {
  const Bytes nonce(32, 5);
  const Bytes hello = joined(joined({32, 0}, nonce), client_key());
  const auto step = begun(kBoundWasm)->receive(hello).value();
  const auto server =
      channel::schannel::decode_server_hello(channel::schannel::Dialect::wasm, step.answer);
  ASSERT_TRUE(server);
  const ByteView key = server->public_key.bytes();
  const auto binding = bind_channel({"schannel-bind/1 ecdh-p384", client_key(), key, nonce,
                                     joined(joined(hello, Bytes{97, 0}), key)});
  EXPECT_EQ(server->report, unsigned_report(binding.value().bytes())->encode_compact());
}

TEST(SchannelConversation, HasAnotherKeyEachTime) {
  const Bytes hello = joined({9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, client_key());
  EXPECT_NE(begun(kWasm)->receive(hello).value().answer,
            begun(kWasm)->receive(hello).value().answer);
}

TEST(SchannelConversation, RefusesTheOtherHandshakeAtItsLength) {
  EXPECT_TRUE(fails_with(begun(kWasm)->receive(Bytes{32, 0}), ErrorCode::malformed,
                         {"nonce length: got 32", "want 9"}));
  EXPECT_TRUE(fails_with(begun(kBoundWasm)->receive(Bytes{9, 0}), ErrorCode::malformed,
                         {"nonce length: got 9", "want 32"}));
}

TEST(SchannelConversation, MayEndBeforeTheFirstByteAndNotWithinTheHello) {
  const auto conversation = begun(kWasm);
  EXPECT_TRUE(conversation->finish());
  ASSERT_TRUE(conversation->receive(Bytes{9}));
  EXPECT_TRUE(fails_with(conversation->finish(), ErrorCode::malformed, "stream"));
}

// --- keystone-demo: its good cases need a client, and are in serve_clients_test.py --------------

Bytes demo_frame(ByteView payload) {
  return channel::encode_frame(channel::kKeystoneDemoFrames, payload).value();
}

TEST(KeystoneDemoConversation, BeginsWithAReportWhoseDataAreItsKey) {
  const auto conversation = converse(kDemo, unsigned_report).value();
  const auto step = conversation->begin().value();
  ASSERT_EQ(step.answer.size(), 8U + 1352U);
  const auto report = Report::parse(ByteView(step.answer).subspan(8));
  EXPECT_EQ(report.value().data().size(), 32U);
  EXPECT_FALSE(step.ended);
}

TEST(KeystoneDemoConversation, TakesAClientKeyWithoutAWord) {
  const auto conversation = converse(kDemo, unsigned_report).value();
  ASSERT_TRUE(conversation->begin());
  EXPECT_TRUE(conversation->receive(demo_frame(Bytes(32, 9))).value().answer.empty());
}

TEST(KeystoneDemoConversation, RefusesAFirstFrameOfAnotherSize) {
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    const auto conversation = converse(kDemo, unsigned_report).value();
    ASSERT_TRUE(conversation->begin());
    EXPECT_TRUE(fails_with(conversation->receive(demo_frame(Bytes(size, 9))), ErrorCode::malformed,
                           {"first frame:", "want 32"}));
  }
  for (const std::size_t size : {0U, 32U, 63U, 65U}) {
    EXPECT_TRUE(fails_with(begun(kBoundDemo)->receive(demo_frame(Bytes(size, 9))),
                           ErrorCode::malformed, {"first frame:", "want 64"}));
  }
}

TEST(KeystoneDemoConversation, RefusesAClientKeyOfSmallOrder) {
  EXPECT_TRUE(fails_with(begun(kBoundDemo)->receive(demo_frame(Bytes(64))), ErrorCode::malformed,
                         "client key"));
}

TEST(KeystoneDemoConversation, RefusesWhatTheClientDidNotSeal) {
  for (const std::size_t size : {72U, 104U, 4168U}) {
    const auto conversation = begun(kBoundDemo);
    ASSERT_FALSE(conversation->receive(demo_frame(Bytes(64, 9))).value().answer.empty());
    EXPECT_TRUE(fails_with(conversation->receive(demo_frame(Bytes(size))), ErrorCode::malformed,
                           "envelope"));
  }
}

TEST(KeystoneDemoConversation, FailsAsTheAttesterDoes) {
  EXPECT_TRUE(fails_with(converse(kDemo, no_report).value()->begin(), ErrorCode::internal,
                         "no report today"));
}

}  // namespace
}  // namespace keystone::cli::attest
