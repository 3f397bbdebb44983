// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/testing/files.hpp"
#include "keystone/testing/owned.hpp"
#include "server_fixture.hpp"

#include <openssl/ssl.h>

namespace keystone::server::http::testing {

// A certificate and its key, of P-256.
class Identity {
 public:
  // Signed by `issuer`, or by itself. `name` is the CN; valid for an hour, or an hour ago.
  explicit Identity(const std::string& name, const Identity* issuer = nullptr,
                    bool expired = false);

  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem(const char* pass_phrase = nullptr) const;

 private:
  keystone::testing::Owned<EVP_PKEY, EVP_PKEY_free> key_;
  keystone::testing::Owned<X509, X509_free> certificate_;
};

// A client of TLS that takes any server's certificate, and shows it.
class TlsClient {
 public:
  struct Wants {
    const Identity* identity = nullptr;
    int highest_version = TLS1_3_VERSION;
    std::string alpn = {};  // one protocol
  };
  TlsClient(std::uint16_t port, const Wants& wants);

  [[nodiscard]] bool is_connected() const { return connected_; }
  [[nodiscard]] std::string server_name() const;  // the CN of its certificate
  // The answer's head and body; empty: the connection broke.
  [[nodiscard]] std::string ask(std::string_view bytes) const;
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

 private:
  Client socket_;
  keystone::testing::Owned<SSL_CTX, SSL_CTX_free> context_;
  keystone::testing::Owned<SSL, SSL_free> ssl_;
  bool connected_ = false;
};

}  // namespace keystone::server::http::testing
