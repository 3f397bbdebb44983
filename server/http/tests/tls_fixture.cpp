// SPDX-License-Identifier: Apache-2.0
#include "tls_fixture.hpp"

#include <array>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace keystone::server::http::testing {
namespace {

using keystone::testing::Owned;

using Memory = Owned<BIO, BIO_free>;

std::string content_of(const Memory& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void set_name(X509_NAME* name, const std::string& common_name) {
  const auto add = [name](const char* field, const std::string& text) {
    EXPECT_EQ(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                         reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size()), -1, 0),
              1);
  };
  add("O", "Example, Inc");
  add("CN", common_name);
}

}  // namespace

Identity::Identity(const std::string& name, const Identity* issuer, bool expired)
    : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
  constexpr long kHour = 3600;
  X509* const certificate = certificate_.get();
  EXPECT_EQ(X509_set_version(certificate, X509_VERSION_3), 1);
  EXPECT_EQ(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7), 1);
  EXPECT_NE(X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kHour), nullptr);
  EXPECT_NE(X509_gmtime_adj(X509_getm_notAfter(certificate), expired ? -kHour : kHour), nullptr);
  set_name(X509_get_subject_name(certificate), name);
  const Identity& signer = issuer == nullptr ? *this : *issuer;
  EXPECT_EQ(X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate())), 1);
  EXPECT_EQ(X509_set_pubkey(certificate, key()), 1);
  if (issuer == nullptr) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> is_authority(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"));
    EXPECT_EQ(X509_add_ext(certificate, is_authority.get(), -1), 1);
  }
  EXPECT_GT(X509_sign(certificate, signer.key(), EVP_sha256()), 0);
}

std::string Identity::certificate_pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_X509(memory.get(), certificate()), 1);
  return content_of(memory);
}

std::string Identity::key_pem(const char* pass_phrase) const {
  const Memory memory(BIO_new(BIO_s_mem()));
  std::string phrase = pass_phrase == nullptr ? std::string() : pass_phrase;
  EXPECT_EQ(
      PEM_write_bio_PrivateKey(memory.get(), key(), phrase.empty() ? nullptr : EVP_aes_128_cbc(),
                               reinterpret_cast<unsigned char*>(phrase.data()),
                               static_cast<int>(phrase.size()), nullptr, nullptr),
      1);
  return content_of(memory);
}

TlsClient::TlsClient(std::uint16_t port, const Wants& wants)
    : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
  EXPECT_EQ(SSL_CTX_set_max_proto_version(context_.get(), wants.highest_version), 1);
  if (wants.identity != nullptr) {
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), wants.identity->certificate()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), wants.identity->key()), 1);
  }
  ssl_.reset(SSL_new(context_.get()));
  if (!wants.alpn.empty()) {
    const std::string list = std::string(1, static_cast<char>(wants.alpn.size())) + wants.alpn;
    EXPECT_EQ(SSL_set_alpn_protos(ssl(), reinterpret_cast<const unsigned char*>(list.data()),
                                  static_cast<unsigned>(list.size())),
              0);
  }
  EXPECT_EQ(SSL_set_fd(ssl(), socket_.socket()), 1);
  connected_ = SSL_connect(ssl()) == 1;
}

std::string TlsClient::server_name() const {
  std::array<char, 100> name{};
  X509* const certificate = SSL_get0_peer_certificate(ssl());
  if (certificate != nullptr) {
    (void)X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                                    static_cast<int>(name.size()));
  }
  return name.data();
}

std::string TlsClient::ask(std::string_view bytes) const {
  std::string answer;
  std::array<char, 4096> buffer{};
  int count = SSL_write(ssl(), bytes.data(), static_cast<int>(bytes.size()));
  while (count > 0 && answer.find("\r\n\r\n") == std::string::npos) {
    count = SSL_read(ssl(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  return count > 0 ? answer : std::string();
}

}  // namespace keystone::server::http::testing
