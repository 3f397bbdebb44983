// SPDX-License-Identifier: Apache-2.0
#include "site.hpp"

#include "keystone/crypto/random.hpp"
#include "keystone/ear/jws.hpp"
#include "keystone/testing/owned.hpp"

#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace keystone::bench {

using server::DocumentKind;
using server::Service;
using server::ServiceOptions;
using server::Store;
namespace http = server::http;

namespace {

constexpr const char* kKid = "bench-key";

void require(bool done, const char* what) {
  if (!done) {
    throw std::runtime_error(what);
  }
}

using File = testing::Owned<BIO, BIO_free>;

// A certificate that nobody checks, and its key.
http::TlsOptions make_identity(const testing::TemporaryFolder& folder) {
  constexpr long kHour = 3600;
  http::TlsOptions options{folder / "certificate.pem", folder / "key.pem"};
  const testing::Owned<EVP_PKEY, EVP_PKEY_free> key(EVP_EC_gen("P-256"));
  const testing::Owned<X509, X509_free> certificate(X509_new());
  X509* const x509 = certificate.get();
  const File certificate_file(BIO_new_file(options.certificate_file.c_str(), "w"));
  const File key_file(BIO_new_file(options.key_file.c_str(), "w"));
  require(X509_gmtime_adj(X509_getm_notBefore(x509), -kHour) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(x509), kHour) != nullptr &&
              X509_set_pubkey(x509, key.get()) == 1 &&
              X509_sign(x509, key.get(), EVP_sha256()) > 0 &&
              PEM_write_bio_X509(certificate_file.get(), x509) == 1 &&
              PEM_write_bio_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                       nullptr) == 1,
          "no certificate");
  return options;
}

http::ServerOptions server_options(const testing::TemporaryFolder& folder) {
  http::ServerOptions options;
  options.listeners = {{"127.0.0.1", 0, "public", {}},
                       {"127.0.0.1", 0, "public", make_identity(folder)}};
  return options;
}

Instant now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

Result<std::string> Signer::sign(std::string_view payload) const {
  return jws_sign(payload, kKid, [this](ByteView message) { return key_.sign(message); });
}

std::string Signer::public_jwk() const {
  return to_json(Jwk{kKid, key_.public_key()});
}

std::shared_ptr<Store> open_store(const std::string& path) {
  return std::make_shared<Store>(Store::open({server::SqliteFile{path}}, fill_random).value());
}

void put_policy(Store& store) {
  const auto policy = testing::Attester().policy().serialize().value();
  const auto put = store.put_document(DocumentKind::policy, "default", policy, {},
                                      {now(), "document.put", "bench", "{}"});
  require(put.has_value(), "no policy");
}

Site::Site() : store(open_store(folder / "store.db")) {
  ServiceOptions options;
  options.anonymous_attesters = true;
  options.max_open_sessions = 10'000'000;
  service = Service::create({store, signer, fill_random, now, nullptr, "bench"}, options).value();
  put_policy(*store);
}

http::Response Site::ask(std::string_view path, std::string body) const {
  http::Request request;
  request.method = "POST";
  request.path = path;
  request.headers = {{"Content-Type", "application/vnd.keystone.report"}};
  request.body = std::move(body);
  request.id = "bench";
  request.listener = "public";
  return service->handle(request);
}

double Site::settlements_a_transaction() const {
  const auto done = store->statistics();
  return static_cast<double>(done.settlements) / static_cast<double>(done.transactions);
}

Listening::Listening(const testing::TemporaryFolder& folder, std::shared_ptr<http::Handler> handler)
    : server_(http::HttpServer::start(server_options(folder), std::move(handler)).value()) {}

}  // namespace keystone::bench
