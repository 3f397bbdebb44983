// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/service.hpp"
#include "attester.hpp"
#include "http/server.hpp"
#include "keystone/crypto_sign/es256_signing_key.hpp"
#include "keystone/testing/files.hpp"
#include "store/store.hpp"

#include <memory>
#include <string>
#include <string_view>

// A server for measurements, with all that keystone-attestd has but its log: a store in a file, a
// key, a policy that accepts what Attester reports.
namespace keystone::bench {

// Signs with one key, as a key ring does.
class Signer final : public server::ResultSigner {
 public:
  [[nodiscard]] Result<std::string> sign(std::string_view payload) const override;
  [[nodiscard]] std::string public_jwk() const override;

 private:
  Es256SigningKey key_ = Es256SigningKey::generate().value();
};

// A store in that file, made if it is not there.
[[nodiscard]] std::shared_ptr<server::Store> open_store(const std::string& path);

// Puts the default policy, which accepts what Attester reports.
void put_policy(server::Store& store);

// Failing to make any of it throws.
struct Site {
  Site();

  // The answer to a request as the load generator sends it, without a socket.
  [[nodiscard]] server::http::Response ask(std::string_view path, std::string body) const;

  // How many verdicts were written together, on average.
  [[nodiscard]] double settlements_a_transaction() const;

  testing::TemporaryFolder folder;
  testing::Attester attester;
  std::shared_ptr<Signer> signer = std::make_shared<Signer>();
  std::shared_ptr<server::Store> store;
  std::shared_ptr<server::Service> service;
};

inline constexpr std::string_view kNewSession = "/challenge-response/v1/newSession";

// Ports of a server on loopback.
class Listening {
 public:
  // Serves by `handler`, with TLS on a port of its own as well.
  Listening(const testing::TemporaryFolder& folder, std::shared_ptr<server::http::Handler> handler);

  [[nodiscard]] std::uint16_t port() const { return server_.endpoints().front().port; }
  [[nodiscard]] std::uint16_t tls_port() const { return server_.endpoints().back().port; }

 private:
  server::http::HttpServer server_;
};

}  // namespace keystone::bench
