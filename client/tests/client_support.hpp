// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/base64.hpp"
#include "keystone/client/client.hpp"
#include "scripted_server.hpp"
#include <keystone/testing/fails_with.hpp>

// A client under test, and what servers say to it.
namespace keystone::testing {

using std::chrono::milliseconds;

inline const std::vector<std::uint8_t> kNonce(32, 0xfb);  // has a + in base64, and a / in the other
inline const std::vector<std::uint8_t> kEvidence(400, 9);

inline std::string session(const std::string& state, const std::string& more = "") {
  return R"({"nonce":")" + base64::encode(kNonce, base64::Form::standard) +
         R"(","expiry":"2026-06-01T12:05:00Z","accept":["application/vnd.keystone.report"],)" +
         R"("status":")" + state + R"(","state":")" + state + "\"" + more + "}";
}

inline Reply created(const std::string& location = "/challenge-response/v1/session/abc") {
  return always(http_answer("201 Created", "Location: " + location + "\r\n", session("waiting")));
}
inline Reply answered(const std::string& state, const std::string& more = "") {
  return always(http_answer("200 OK", "", session(state, more)));
}
inline Reply complete() {
  return answered("complete", R"(,"result":"a.b.c")");
}
inline Reply refused(const std::string& status, const std::string& headers = "") {
  return always(http_answer(status, headers, R"({"title":"T","detail":"the reason"})"));
}
// Closes the connection without a word.
inline const Reply kLost = always("");

// A client that notes how long it would have waited, and does not.
struct Client {
  explicit Client(const std::string& origin, unsigned retries = 3,
                  milliseconds timeout = milliseconds(5000)) {
    ClientOptions options;
    options.origin = origin;
    options.retries = retries;
    options.timeout = timeout;
    options.sleep = [waits = waits](milliseconds wait) { waits->push_back(wait); };
    client = AttestationClient::create(std::move(options)).value();
  }
  [[nodiscard]] auto open() { return client->open_session({kNonce, ""}); }
  [[nodiscard]] auto submit() {
    return client->submit({kNonce, "/session/abc", {}, {}}, kEvidence,
                          "application/vnd.keystone.report");
  }

  std::shared_ptr<std::vector<milliseconds>> waits = std::make_shared<std::vector<milliseconds>>();
  std::optional<AttestationClient> client;
};

inline std::vector<std::string> first_lines(const ScriptedServer& server) {
  std::vector<std::string> lines;
  for (const std::string& request : server.requests()) {
    lines.push_back(request.substr(0, request.find(" HTTP/1.1")));
  }
  return lines;
}

}  // namespace keystone::testing
