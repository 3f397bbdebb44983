// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/observer.hpp"
#include "api/role.hpp"
#include "api/signer.hpp"
#include "http/handler.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/ear/ear.hpp"
#include "keystone/verifier/issuer.hpp"
#include "store/store.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace keystone::server {

// How byte strings are spelt in a session: as JSON libraries do, or as newer clients of Veraison's
// service want it (base64url without padding).
enum class NonceSpelling : std::uint8_t { base64, base64url };

struct ServiceOptions {
  // Whether newSession and evidence need no role: where only this machine can ask, or by config.
  bool anonymous_attesters = false;
  // Whether /metrics needs no role.
  bool anonymous_metrics = false;
  // The listener that alone answers what is for operators; empty: every listener does.
  std::string admin_listener = {};
  // The roles of verified client certificates, by subject (RFC 2253).
  std::map<std::string, Role, std::less<>> certificate_roles = {};

  std::chrono::seconds session_lifetime{300};  // 1 s to 55 min
  std::size_t max_open_sessions = 100'000;     // made by this node, unanswered, unexpired
  // How long a nonce that was answered is remembered: longer than anybody calls one fresh.
  std::chrono::hours nonce_retention{24 * 30};  // 1 h to 10 years
  NonceSpelling nonce_spelling = NonceSpelling::base64;

  std::chrono::seconds result_lifetime{300};  // `exp` of a result, 1 s to 1 day
  EarForm ear_form = EarForm::deployed;

  std::size_t max_body = std::size_t{64} << 10U;        // bytes, of every request but a batch
  std::size_t max_batch_body = std::size_t{64} << 20U;  // bytes
  std::size_t max_batch_lines = 10'000;
};

// What a Service works with.
struct ServiceParts {
  std::shared_ptr<Store> store;
  std::shared_ptr<const ResultSigner> signer;
  RandomSource random;                 // thread-safe; fill_random() does
  std::function<Instant()> clock;      // what time it is; thread-safe
  std::shared_ptr<Observer> observer;  // may be null
  std::string version;                 // of this program: what results and metrics say
};

// The attestation server without its sockets: HTTP requests in, answers out, by the routes of
// docs/http-api.md. It holds no session: what it must remember is in the store, so that any node
// over one store answers for every other.
//
// Nothing is accepted before the store has it on record; where the store fails, the answer is 503.
class Service final : public http::Handler {
 public:
  // `usage` for an option outside its range; an Error of the store, whose secrets are needed.
  [[nodiscard]] static Result<std::shared_ptr<Service>> create(ServiceParts parts,
                                                               ServiceOptions options);
  ~Service() override;

  // Takes other options for the requests that come from now on; `usage` as create().
  [[nodiscard]] Status reload(ServiceOptions options);

  [[nodiscard]] std::size_t max_body(std::string_view method, std::string_view path) const override;
  // Refuses as handle() does where a role, the path or the method is not enough; no other cause.
  [[nodiscard]] std::optional<http::Response> turn_away(const http::Request& head) override;
  [[nodiscard]] std::optional<std::string> rate_key(const http::Request& head) const override;
  [[nodiscard]] http::Response handle(const http::Request& request) override;
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view request_id,
                                      std::string_view reason) const override;
  void on_event(const http::TransportEvent& event) override;

 private:
  class Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The path as a log may have it: the id of a session, which is as good as a token, is left out.
[[nodiscard]] std::string loggable_path(std::string_view path);

}  // namespace keystone::server
