// SPDX-License-Identifier: Apache-2.0
// The client against servers that lie.
#include "client_support.hpp"

namespace keystone {
namespace {

using namespace testing;

TEST(Client, OpensASession) {
  ScriptedServer server({created()});
  const auto opened = Client(server.origin()).open();
  ASSERT_TRUE(testing::succeeds(opened));
  EXPECT_EQ(opened->nonce, kNonce);
  EXPECT_EQ(opened->path, "/challenge-response/v1/session/abc");
  EXPECT_EQ(opened->accepted, std::vector<std::string>{"application/vnd.keystone.report"});
  EXPECT_EQ(to_string(*opened->expires), "2026-06-01T12:05:00Z");
  EXPECT_EQ(
      first_lines(server).front(),
      "POST /challenge-response/v1/newSession?nonce="
      "%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fv7%2b%2fs%3d");
}

TEST(Client, AsksForASizeAndAPolicy) {
  ScriptedServer server({created()});
  EXPECT_TRUE(Client(server.origin()).client->open_session({std::size_t{32}, "a b&c"}));
  EXPECT_EQ(first_lines(server).front(),
            "POST /challenge-response/v1/newSession?nonceSize=32&policy=a%20b%26c");
}

TEST(Client, SendsItsTokenAndNothingElseOfIt) {
  ScriptedServer server({created()});
  ClientOptions options;
  options.origin = server.origin();
  options.token = SecretBytes(6);
  std::fill(options.token.bytes().begin(), options.token.bytes().end(), std::uint8_t{'t'});
  EXPECT_TRUE(AttestationClient::create(std::move(options))->open_session({kNonce, ""}));
  EXPECT_NE(server.requests().front().find("\r\nAuthorization: Bearer tttttt\r\n\r\n"),
            std::string::npos);
}

TEST(Client, TakesALocationOnTheSameServerOnly) {
  for (const std::string location :
       {"https://example.com/s", "http://127.0.0.1:1/s", "//example.com/s", "/s?a", "/a/../s",
        "http://127.0.0.1/s", "ftp://127.0.0.1/s", "/s\\a", "", "/s#a", "http://u@127.0.0.1/s"}) {
    ScriptedServer server({created(location)});
    EXPECT_TRUE(fails_with(Client(server.origin()).open(), ErrorCode::malformed, "location"))
        << location;
  }
}

TEST(Client, TakesALocationInEveryFormThatIsMeant) {
  ScriptedServer server({created("session/abc")});
  EXPECT_EQ(Client(server.origin()).open()->path, "/challenge-response/v1/session/abc");
  std::string origin;
  ScriptedServer absolute(
      {[&](const std::string& request) { return created(origin + "/x")(request); }});
  origin = absolute.origin();
  EXPECT_EQ(Client(origin).open()->path, "/x");
}

TEST(Client, FollowsNoRedirect) {
  ScriptedServer other({created()});
  for (const char* status : {"301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect",
                             "308 Permanent Redirect"}) {
    ScriptedServer server({refused(status, "Location: " + other.origin() + "/\r\n")});
    EXPECT_TRUE(fails_with(Client(server.origin()).open(), ErrorCode::malformed)) << status;
    EXPECT_EQ(server.requests().size(), 1U);
  }
  EXPECT_TRUE(other.requests().empty());
}

TEST(Client, TakesNoOtherNonceThanItAskedFor) {
  const auto reply = [](const std::string& nonce) {
    return always(http_answer("201 Created", "Location: /s\r\n",
                              R"({"nonce":")" + nonce + R"(","status":"waiting"})"));
  };
  for (const std::string nonce :
       {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAECAwQFBgc=", "", "AAAA", "!", "+/v7"}) {
    ScriptedServer server({reply(nonce), reply(nonce)});
    Client client(server.origin());
    EXPECT_TRUE(fails_with(client.open(), ErrorCode::malformed, "nonce")) << nonce;
    EXPECT_TRUE(fails_with(client.client->open_session({std::size_t{16}, ""}), ErrorCode::malformed,
                           "nonce"))
        << nonce;
  }
}

TEST(Client, ReadsANonceInUrlSpelling) {
  const std::string nonce = base64::encode(kNonce, base64::Form::url);
  ScriptedServer server({always(http_answer("201 Created", "Location: /s\r\n",
                                            R"({"nonce":")" + nonce + R"(","state":"waiting"})"))});
  EXPECT_EQ(Client(server.origin()).open()->nonce, kNonce);
}

std::string in_chunks(const std::string& body, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < body.size(); at += size) {
    const std::string piece = body.substr(at, size);
    text += std::string(1, kDigits.at(piece.size())) + ";x=y\r\n" + piece + "\r\n";
  }
  return text + "0\r\nA-Trailer: x\r\n\r\n";
}

constexpr const char* kChunkedHead =
    "HTTP/1.1 201 Created\r\nLocation: /s\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(Client, ReadsAnswersInChunks) {
  for (const std::size_t size : {1U, 2U, 15U}) {
    ScriptedServer server({always(kChunkedHead + in_chunks(session("waiting"), size))});
    const auto opened = Client(server.origin()).open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->nonce, kNonce);
  }
}

TEST(Client, ReadsNoChunksThatDoNotEnd) {
  const std::string text = kChunkedHead + in_chunks(session("waiting"), 15);
  for (const std::size_t missing : {1U, 2U, 5U, 15U, 20U, 100U}) {
    ScriptedServer server({always(text.substr(0, text.size() - missing))});
    EXPECT_TRUE(fails_with(Client(server.origin(), 0).open(), ErrorCode::unreachable, "broke off"));
  }
}

TEST(Client, ReadsNoAnswerThatIsNone) {
  const std::string head = "HTTP/1.1 201 Created\r\nLocation: /s\r\n";
  const std::string body = session("waiting");
  for (const std::string& text :
       {std::string("hello\r\n\r\n"), head + "Content-Length: x\r\n\r\n" + body,
        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body,
        head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\rx",
        head + "Transfer-Encoding: gzip\r\n\r\n" + body,
        head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        head + "\r\n" + body,  // whoever closes the connection would decide where it ends
        head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        head + "Location: /t\r\nContent-Length: 2\r\n\r\n{}",
        std::string("HTTP/1.1 100 Continue\r\n\r\n"),
        http_answer("201 Created", "Location: /s\r\n", "{"),
        http_answer("201 Created", "Location: /s\r\n", "[]"),
        http_answer("201 Created", "Location: /s\r\n", R"({"nonce":1,"status":"waiting"})"),
        http_answer("201 Created", "Location: /s\r\n", body.substr(1)),
        http_answer("201 Created", "", body), http_answer("200 OK", "Location: /s\r\n", body)}) {
    ScriptedServer server({always(text)});
    EXPECT_TRUE(fails_with(Client(server.origin()).open(), ErrorCode::malformed)) << text;
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(Client, ReadsNoAnswerThatIsTooLong) {
  ScriptedServer server({
      always(http_answer("201 Created", "Location: /s\r\n",
                         std::string(AttestationClient::kMaxAnswer + 1, ' '))),
      always("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"),
      always("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
      always(std::string(kChunkedHead) + "80001\r\n"),
  });
  Client client(server.origin());
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(fails_with(client.open(), ErrorCode::limit_exceeded)) << i;
  }
}

TEST(Client, SaysWhatARefusalMeans) {
  const std::pair<const char*, ErrorCode> refusals[] = {
      {"400 Bad Request", ErrorCode::malformed},
      {"401 Unauthorized", ErrorCode::usage},
      {"403 Forbidden", ErrorCode::usage},
      {"404 Not Found", ErrorCode::malformed},
      {"500 Internal Server Error", ErrorCode::unreachable}};
  for (const auto& [status, code] : refusals) {
    ScriptedServer server({refused(status), refused(status)});
    Client client(server.origin());
    EXPECT_TRUE(fails_with(client.open(), code, "the reason")) << status;
    EXPECT_TRUE(fails_with(client.submit(), code, "the reason")) << status;
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(Client, ShowsNoControlCharactersOfAServer) {
  ScriptedServer server({always(http_answer("400 Bad", "", R"({"detail":"\u001b[2Ja\nb"})"))});
  EXPECT_TRUE(fails_with(Client(server.origin()).open(), ErrorCode::malformed, "?[2Ja?b"));
}

TEST(Client, FetchesKeys) {
  ScriptedServer server({always(http_answer("200 OK", "", R"({"keys":[]})")),
                         always(http_answer("200 OK", "", R"({"keys":7})"))});
  Client client(server.origin());
  EXPECT_TRUE(client.client->fetch_keys()->keys().empty());
  EXPECT_TRUE(fails_with(client.client->fetch_keys(), ErrorCode::malformed, "jwks.json: keys"));
  EXPECT_EQ(first_lines(server).front(), "GET /jwks.json");
}

TEST(Client, SpeaksTlsToServersThatDo) {
  ScriptedServer server({always("HTTP/1.1 200 OK\r\n\r\n")});
  const std::string origin = "https" + server.origin().substr(4);
  EXPECT_TRUE(fails_with(Client(origin, 0, milliseconds(200)).open(), ErrorCode::unreachable));
}

Result<AttestationClient> made(const std::function<void(ClientOptions&)>& change) {
  ClientOptions options;
  options.origin = "https://example.com";
  change(options);
  return AttestationClient::create(std::move(options));
}

TEST(Client, TakesNoOptionsThatCannotBeMeant) {
  EXPECT_TRUE(made([](ClientOptions&) {}));
  for (const auto& change : std::vector<std::function<void(ClientOptions&)>>{
           [](ClientOptions& it) { it.origin = "http://example.com"; },
           [](ClientOptions& it) { it.origin = "http://192.0.2.1"; },
           [](ClientOptions& it) { it.origin = "https://example.com/path"; },
           [](ClientOptions& it) { it.ca = "no certificate"; },
           [](ClientOptions& it) { it.certificate = "no certificate"; },
           [](ClientOptions& it) { it.key = SecretBytes(10); },
           [](ClientOptions& it) { it.token = SecretBytes(10); },  // zeros
           [](ClientOptions& it) { it.timeout = milliseconds(0); }}) {
    EXPECT_TRUE(fails_with(made(change), ErrorCode::usage));
  }
}

}  // namespace
}  // namespace keystone
