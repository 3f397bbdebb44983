// SPDX-License-Identifier: Apache-2.0
#include "http/src/tls_context.hpp"

#include "http/src/tls_stream.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

namespace keystone::server::http {
namespace {

// In the ALPN's own form: a length, and the name.
constexpr std::string_view kHttp11 = "\x08http/1.1";

tl::unexpected<Error> cannot_use(const std::string& file, std::string_view want) {
  ERR_clear_error();
  if (::access(file.c_str(), R_OK) != 0) {
    return fail(ErrorCode::unreadable, file + ": " + std::strerror(errno));
  }
  return fail(ErrorCode::malformed, file + ": got something else, want " + std::string(want));
}

// A key with a pass phrase is refused, not asked for on the terminal.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

// Whoever asks for other protocols alone gets none (RFC 7301, section 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* selected = nullptr;
  const int outcome = SSL_select_next_proto(
      &selected, chosen_size, reinterpret_cast<const unsigned char*>(kHttp11.data()),
      static_cast<unsigned>(kHttp11.size()), offered, offered_size);
  *chosen = selected;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Status harden(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection gives its record buffers back; pieces may be sent in part, and moved.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const int lowest = options.allow_tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  if (SSL_CTX_set_min_proto_version(context, lowest) != 1 ||
      SSL_CTX_set_num_tickets(context, 0) != 1 ||
      SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return fail(ErrorCode::internal, "tls: OpenSSL lacks what it must have");
  }
  return {};
}

Status load_certificate(SSL_CTX* context, const TlsOptions& options) {
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
    return cannot_use(options.certificate_file, "certificates in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return cannot_use(options.key_file,
                      "the key of " + options.certificate_file + " in PEM, without a pass phrase");
  }
  return {};
}

Status load_client_ca(SSL_CTX* context, const TlsOptions& options) {
  if (options.client_certificates == ClientCertificates::none) {
    return {};
  }
  const std::string& file = options.client_ca_file;
  if (file.empty()) {
    return fail(ErrorCode::usage, "client_ca_file: got none, want who signs client certificates");
  }
  STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(file.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, file.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return cannot_use(file, "certificates in PEM");
  }
  SSL_CTX_set_client_CA_list(context, names);
  const bool is_required = options.client_certificates == ClientCertificates::required;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (is_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                     nullptr);
  return {};
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsOptions& options) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) {
    return fail(ErrorCode::internal, "tls: OpenSSL gives no context");
  }
  KEYSTONE_CHECK_OK(harden(context.get(), options));
  KEYSTONE_CHECK_OK(load_certificate(context.get(), options));
  KEYSTONE_CHECK_OK(load_client_ca(context.get(), options));
  return std::shared_ptr<const TlsContext>(new TlsContext(context));
}

Result<std::unique_ptr<ByteStream>> TlsContext::accept(int socket) const {
  return TlsStream::accept(context_.get(), socket);
}

}  // namespace keystone::server::http
