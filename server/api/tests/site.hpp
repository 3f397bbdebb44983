// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/service.hpp"
#include "attester.hpp"
#include "keystone/crypto_sign/es256_signing_key.hpp"
#include "keystone/ear/jws.hpp"
#include "keystone/testing/files.hpp"
#include "store/store.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// A server for tests: a store in a temporary folder, a clock that stands still, a key of its own.
namespace keystone::testing {

using Json = nlohmann::json;

// 2026-06-01T12:00:00Z
inline constexpr Instant kNow = Instant(std::chrono::seconds(1'780'315'200));

inline constexpr std::string_view kNewSession = "/challenge-response/v1/newSession";

// Signs with a key made for the test.
class TestSigner final : public server::ResultSigner {
 public:
  [[nodiscard]] Result<std::string> sign(std::string_view payload) const override;
  [[nodiscard]] std::string public_jwk() const override;
  [[nodiscard]] JwkSet keys() const;

  // From now on, nothing can be signed.
  void break_off() { broken_ = true; }

 private:
  Es256SigningKey key_ = Es256SigningKey::generate().value();
  std::atomic<bool> broken_ = false;
};

// Keeps what it is told.
class TestObserver final : public server::Observer {
 public:
  void on_handled(const server::Handled& handled) override {
    const std::lock_guard lock(mutex);
    all.push_back(handled);
  }
  void on_transport(const server::http::TransportEvent&) override {}

  std::mutex mutex;
  std::vector<server::Handled> all;
};

// An answer with its body, streamed or not, as a whole.
struct Reply {
  unsigned status;
  std::vector<server::http::Header> headers;
  std::string body;

  [[nodiscard]] Json json() const { return Json::parse(body); }
  [[nodiscard]] std::string header(std::string_view name) const;  // empty if it is not there
};

// What a request has beside its method and path.
struct Asking {
  std::string body = {};
  std::vector<server::http::Header> headers = {};
  std::string query = {};
  server::http::Peer peer = {"192.0.2.1", false, false, {}};
  std::string listener = "public";
};

class Site {
 public:
  Site() : Site(server::ServiceOptions{.anonymous_attesters = true}) {}
  explicit Site(server::ServiceOptions with) : Site(std::move(with), nullptr) {}
  // Over a store that is there already.
  Site(server::ServiceOptions with, std::shared_ptr<server::Store> shared);

  Reply ask(std::string_view method, std::string_view target, Asking asking = {});

  // As ask(), with the token of that role, which is made.
  Reply ask_as(server::Role role, std::string_view method, std::string_view target,
               Asking asking = {});
  [[nodiscard]] std::string token_of(server::Role role);

  // The answer to a batch of these lines, of which nothing has been taken from its stream.
  [[nodiscard]] server::http::Response begin_batch(const std::string& lines);

  // Puts a document that must be taken.
  void put(std::string_view target, const std::string& body);
  // A policy that expects the attester, under that name.
  void put_policy(const std::string& name = "default");

  // Opens a session; its path.
  [[nodiscard]] std::string open(std::string query = {});
  // The evidence of `attester` for that session, posted.
  Reply answer(const std::string& path);
  Reply answer(const std::string& path, const Report& report);

  // How many verdicts of that kind are on record; of a thousand at most.
  [[nodiscard]] std::size_t recorded(bool accepted) const;

  // The claims of a token that was signed here.
  [[nodiscard]] AttestationResult ear_in(const std::string& token) const;
  // Those of a session's body.
  [[nodiscard]] AttestationResult ear_in(const Reply& reply) const {
    return ear_in(reply.json().at("result").get<std::string>());
  }

  TemporaryFolder folder;
  Attester attester;
  std::atomic<Instant> now = kNow;
  server::ServiceOptions options;
  std::shared_ptr<TestSigner> signer = std::make_shared<TestSigner>();
  std::shared_ptr<TestObserver> observer = std::make_shared<TestObserver>();
  std::shared_ptr<server::Store> store;
  std::shared_ptr<server::Service> service;

 private:
  std::atomic<unsigned> requests_ = 0;
  std::map<server::Role, std::string> tokens_;
};

// A store in a new file of the folder.
[[nodiscard]] std::shared_ptr<server::Store> open_store(const TemporaryFolder& folder);

// The bytes of a text, and a text of bytes.
[[nodiscard]] inline std::string text_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

// The nonce in a session's body.
[[nodiscard]] std::vector<std::uint8_t> nonce_in(const Reply& session);

inline constexpr const char* kReportType = "application/vnd.keystone.report";

// The body of POST /v1/verify for that report, in answer to a nonce that was made a minute ago.
[[nodiscard]] Json verification(const Report& report, ByteView nonce);

}  // namespace keystone::testing
