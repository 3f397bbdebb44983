// SPDX-License-Identifier: Apache-2.0
// The client against servers that cut, stall or are busy: what it asks for again, and what never.
#include "client_support.hpp"

namespace keystone {
namespace {

using namespace testing;

TEST(ClientRetry, WaitsNoLongerThanItsTime) {
  ScriptedServer server({[](const std::string&) {
    std::this_thread::sleep_for(milliseconds(400));
    return std::string();
  }});
  EXPECT_TRUE(
      fails_with(Client(server.origin(), 0, milliseconds(50)).open(), ErrorCode::unreachable));
}

TEST(ClientRetry, ComesBackLaterEachTime) {
  ScriptedServer server({kLost, kLost, kLost, created()});
  Client client(server.origin());
  EXPECT_TRUE(testing::succeeds(client.open()));
  ASSERT_EQ(client.waits->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GE(client.waits->at(i), milliseconds(100 << i)) << i;
    EXPECT_LE(client.waits->at(i), milliseconds(200 << i)) << i;
  }
}

TEST(ClientRetry, GivesUpAfterItsRetries) {
  ScriptedServer server({});
  Client client(server.origin(), 2);
  EXPECT_TRUE(fails_with(client.open(), ErrorCode::unreachable));
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(ClientRetry, SaysThatNobodyListens) {
  std::string origin;
  {
    ScriptedServer server({});
    origin = server.origin();
  }
  EXPECT_TRUE(fails_with(Client(origin, 1).open(), ErrorCode::unreachable, "127.0.0.1"));
}

TEST(ClientRetry, ObeysABusyServer) {
  ScriptedServer server({refused("429 Too Many Requests", "Retry-After: 7\r\n"),
                         refused("503 Service Unavailable", "Retry-After: 60\r\n"), created()});
  Client client(server.origin());
  EXPECT_TRUE(testing::succeeds(client.open()));
  EXPECT_EQ(*client.waits, (std::vector{milliseconds(7000), milliseconds(60'000)}));
}

TEST(ClientRetry, ObeysNoServerForever) {
  ScriptedServer server({refused("503 Service Unavailable", "Retry-After: 61\r\n")});
  Client client(server.origin());
  EXPECT_TRUE(fails_with(client.open(), ErrorCode::unreachable, "503: the reason"));
  EXPECT_TRUE(client.waits->empty());
}

TEST(ClientRetry, PostsEvidence) {
  ScriptedServer server({complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
  const std::string request = server.requests().front();
  EXPECT_TRUE(request.starts_with("POST /session/abc HTTP/1.1\r\n"));
  EXPECT_NE(request.find("\r\nContent-Type: application/vnd.keystone.report\r\n"),
            std::string::npos);
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + std::string(kEvidence.begin(), kEvidence.end())));
}

TEST(ClientRetry, PostsEvidenceAgainToABusyServer) {
  ScriptedServer server({refused("503 Service Unavailable"), complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
  EXPECT_EQ(first_lines(server),
            (std::vector<std::string>{"POST /session/abc", "POST /session/abc"}));
}

TEST(ClientRetry, AsksWhatBecameOfEvidenceWhoseAnswerWasLost) {
  ScriptedServer server({kLost, complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
  EXPECT_EQ(first_lines(server),
            (std::vector<std::string>{"POST /session/abc", "GET /session/abc"}));
}

TEST(ClientRetry, AsksAfterAProxyLostTheServer) {
  for (const char* status : {"502 Bad Gateway", "504 Gateway Timeout"}) {
    ScriptedServer server({refused(status), complete()});
    EXPECT_EQ(Client(server.origin()).submit(), "a.b.c") << status;
    EXPECT_EQ(first_lines(server).back(), "GET /session/abc");
  }
}

TEST(ClientRetry, PostsLostEvidenceAgainOnlyIfTheServerStillWaits) {
  ScriptedServer server({kLost, answered("waiting"), complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
  EXPECT_EQ(first_lines(server).back(), "POST /session/abc");
  ScriptedServer failed({kLost, answered("failed")});
  EXPECT_TRUE(fails_with(Client(failed.origin()).submit(), ErrorCode::malformed, "failed"));
  EXPECT_EQ(failed.requests().size(), 2U);
}

// The first attempt was still under way when the server was asked, and won.
TEST(ClientRetry, TakesAConflictWithItselfForAnAnswer) {
  ScriptedServer server({kLost, answered("waiting"), refused("409 Conflict"), complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
}

TEST(ClientRetry, TakesAConflictWithOthersForARefusal) {
  ScriptedServer server({refused("409 Conflict")});
  EXPECT_TRUE(fails_with(Client(server.origin()).submit(), ErrorCode::malformed, "409"));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ClientRetry, WaitsForAServerThatIsProcessing) {
  const Reply accepted = always(http_answer("202 Accepted", "", session("processing")));
  ScriptedServer server({accepted, answered("processing"), answered("processing"), complete()});
  EXPECT_EQ(Client(server.origin()).submit(), "a.b.c");
  ScriptedServer forever({accepted, answered("processing"), answered("processing")});
  EXPECT_TRUE(fails_with(Client(forever.origin(), 1).submit(), ErrorCode::unreachable));
}

TEST(ClientRetry, TakesNoStateButComplete) {
  for (const Reply& reply :
       {answered("waiting", R"(,"result":"a.b.c")"), answered("failed"), answered("complete"),
        answered("other", R"(,"result":"a.b.c")"), answered("complete", R"(,"result":"")"),
        answered("complete", R"(,"result":7)")}) {
    ScriptedServer server({reply});
    EXPECT_TRUE(fails_with(Client(server.origin()).submit(), ErrorCode::malformed));
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

}  // namespace
}  // namespace keystone
