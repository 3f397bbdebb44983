// SPDX-License-Identifier: Apache-2.0
// TLS: who may connect, what the handler hears of it, and handshakes that go wrong.
#include "tls_fixture.hpp"

#include <csignal>

namespace keystone::server::http::testing {
namespace {

using std::chrono::milliseconds;
using Kind = TransportEvent::Kind;

class ServerTls : public ::testing::Test {
 protected:
  ServerTls() {
    options.listeners[0].tls =
        TlsOptions{folder.put("server.pem", server.certificate_pem() + ca.certificate_pem()),
                   folder.put("server.key", server.key_pem())};
    tls().client_ca_file = folder.put("ca.pem", ca.certificate_pem());
  }

  TlsOptions& tls() { return *options.listeners[0].tls; }

  // The subject that the handler is told, or why there is none.
  [[nodiscard]] static std::string subject_seen(const RunningServer& running,
                                                const TlsClient::Wants& wants) {
    const TlsClient client(running.port(), wants);
    const std::string answer = client.is_connected() ? client.ask(kGet) : std::string();
    return answer.empty() ? "refused" : body_of(answer);
  }

  [[nodiscard]] static Response show_subject(const Request& request) {
    Response response;
    response.body = request.peer.tls ? request.peer.certificate_subject.value_or("none") : "plain";
    return response;
  }

  [[nodiscard]] ErrorCode load_error() const {
    const auto started = HttpServer::start(options, std::make_shared<TestHandler>(echo));
    EXPECT_FALSE(started.has_value());
    return started ? ErrorCode::internal : started.error().code;
  }

  keystone::testing::TemporaryFolder folder;
  const Identity ca{"ca"};
  const Identity server{"server", &ca};
  const Identity known{"client+1", &ca};
  const Identity stranger{"client+1"};
  const Identity expired{"client+1", &ca, true};
  ServerOptions options = plain_options();
};

TEST_F(ServerTls, AnswersAndKeepsTheConnection) {
  const RunningServer running(options);
  EXPECT_TRUE(running.server.endpoints().at(0).tls);
  const TlsClient client(running.port(), {});
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(SSL_version(client.ssl()), TLS1_3_VERSION);
  EXPECT_EQ(body_of(client.ask(kGet)), "GET /x  ");
  EXPECT_EQ(body_of(client.ask(kGet)), "GET /x  ");
}

TEST_F(ServerTls, CarriesLargeBodiesBothWays) {
  const RunningServer running(options);
  const TlsClient client(running.port(), {});
  const std::string body(300'000, 'x');
  ASSERT_TRUE(client.is_connected());
  std::string answer = client.ask(
      "POST /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
      "Content-Length: 300000\r\n\r\n" +
      body);
  std::string buffer(65536, '\0');
  for (int count = 1; count > 0;) {
    count = SSL_read(client.ssl(), buffer.data(), static_cast<int>(buffer.size()));
    answer.append(buffer, 0, static_cast<std::size_t>(std::max(count, 0)));
  }
  EXPECT_TRUE(body_of(answer) == "POST /large  " + body);
  EXPECT_NE(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, 0);  // not cut short
}

TEST_F(ServerTls, RefusesOldVersionsUnlessTheyAreAllowed) {
  TlsClient::Wants old;
  old.highest_version = TLS1_2_VERSION;
  {
    const RunningServer running(options);
    EXPECT_FALSE(TlsClient(running.port(), old).is_connected());
  }
  tls().allow_tls_1_2 = true;
  const RunningServer running(options);
  const TlsClient client(running.port(), old);
  EXPECT_EQ(body_of(client.ask(kGet)), "GET /x  ");
  const bool renegotiates = SSL_renegotiate(client.ssl()) == 1 &&
                            SSL_do_handshake(client.ssl()) == 1 && !client.ask(kGet).empty();
  EXPECT_FALSE(renegotiates);
  old.highest_version = TLS1_1_VERSION;
  EXPECT_FALSE(TlsClient(running.port(), old).is_connected());
}

TEST_F(ServerTls, GivesNoTickets) {
  const RunningServer running(options);
  const TlsClient client(running.port(), {});
  EXPECT_FALSE(client.ask(kGet).empty());
  EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(client.ssl())), 0);
}

TEST_F(ServerTls, SpeaksHttp11AndNoOtherProtocol) {
  const RunningServer running(options);
  TlsClient::Wants wants;
  wants.alpn = "http/1.1";
  EXPECT_TRUE(TlsClient(running.port(), wants).is_connected());
  wants.alpn = "h2";
  EXPECT_FALSE(TlsClient(running.port(), wants).is_connected());
}

// --- Clients' certificates ---------------------------------------------------------------------

TEST_F(ServerTls, AsksForNoCertificateUnlessItIsToldTo) {
  const RunningServer running(options, show_subject);
  EXPECT_EQ(subject_seen(running, {&known}), "none");
}

TEST_F(ServerTls, TellsTheSubjectOfACertificateThatVerifies) {
  tls().client_certificates = ClientCertificates::optional;
  const RunningServer running(options, show_subject);
  EXPECT_EQ(subject_seen(running, {&known}), "CN=client\\+1,O=Example\\, Inc");
  EXPECT_EQ(subject_seen(running, {}), "none");
  EXPECT_EQ(subject_seen(running, {&stranger}), "refused");
  EXPECT_EQ(subject_seen(running, {&expired}), "refused");
}

TEST_F(ServerTls, RefusesWhoHasNoCertificateWhereOneIsRequired) {
  tls().client_certificates = ClientCertificates::required;
  const RunningServer running(options, show_subject);
  EXPECT_EQ(subject_seen(running, {&known}), "CN=client\\+1,O=Example\\, Inc");
  EXPECT_EQ(subject_seen(running, {}), "refused");
  EXPECT_EQ(subject_seen(running, {&stranger}), "refused");
  EXPECT_EQ(running.handler->handled(), 1U);
}

// --- Handshakes that go wrong ------------------------------------------------------------------

TEST_F(ServerTls, EndsAHandshakeThatStops) {
  options.limits.handshake_time = milliseconds(40);
  const RunningServer running(options);
  const Client silent(running.port());
  const Client half(running.port());
  ASSERT_TRUE(half.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)));
  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(half.is_closed());
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 2).at(0).reason, "timeout");
}

TEST_F(ServerTls, EndsAHandshakeThatIsNone) {
  const RunningServer running(options);
  for (const std::string& bytes :
       {std::string(kGet), std::string(2000, '\xff'),
        std::string("\x16\x03\x01\xff\xff", 5) + std::string(3000, 'x')}) {
    const Client other(running.port());
    ASSERT_TRUE(other.send(bytes));
    EXPECT_TRUE(other.is_closed());
  }
  EXPECT_EQ(running.handler->handled(), 0U);
}

// Were SIGPIPE raised, this program would end.
TEST_F(ServerTls, LivesThroughClientsThatLeaveWhileItWrites) {
  ASSERT_NE(std::signal(SIGPIPE, SIG_DFL), SIG_ERR);
  const RunningServer running(options, [](const Request&) {
    Response response;
    response.body = std::string(std::size_t{8} << 20U, 'x');
    return response;
  });
  for (int i = 0; i < 10; ++i) {
    const TlsClient leaves(running.port(), {});
    EXPECT_FALSE(leaves.ask(kGet).empty());
  }
  EXPECT_EQ(running.handler->wait_for(Kind::connection_closed, 10).size(), 10U);
}

// --- Files -------------------------------------------------------------------------------------

TEST_F(ServerTls, TakesANewCertificateAndDropsNoConnection) {
  RunningServer running(options);
  const TlsClient before(running.port(), {});
  EXPECT_FALSE(before.ask(kGet).empty());
  const Identity next{"next", &ca};
  (void)folder.put("server.pem", next.certificate_pem());
  EXPECT_FALSE(running.server.reload(options));  // the key is still the old one
  EXPECT_EQ(TlsClient(running.port(), {}).server_name(), "server");
  (void)folder.put("server.key", next.key_pem());
  ASSERT_TRUE(running.server.reload(options));
  EXPECT_EQ(TlsClient(running.port(), {}).server_name(), "next");
  EXPECT_EQ(body_of(before.ask(kGet)), "GET /x  ");
}

TEST_F(ServerTls, RefusesFilesThatAreNotWhatTheyShouldBe) {
  const TlsOptions good = tls();
  tls().certificate_file = folder / "missing.pem";
  EXPECT_EQ(load_error(), ErrorCode::unreadable);
  tls().certificate_file = good.key_file;
  EXPECT_EQ(load_error(), ErrorCode::malformed);
  tls() = good;
  tls().key_file = folder.put("other.key", known.key_pem());
  EXPECT_EQ(load_error(), ErrorCode::malformed);
  tls().key_file = folder.put("locked.key", server.key_pem("phrase"));
  EXPECT_EQ(load_error(), ErrorCode::malformed);
  tls() = good;
  tls().client_certificates = ClientCertificates::optional;
  tls().client_ca_file = good.key_file;
  EXPECT_EQ(load_error(), ErrorCode::malformed);
  tls().client_ca_file.clear();
  EXPECT_EQ(load_error(), ErrorCode::usage);
}

}  // namespace
}  // namespace keystone::server::http::testing
