// SPDX-License-Identifier: Apache-2.0
#include "http/src/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

namespace keystone::server::http {
namespace {

// OpenSSL's own BIO for sockets lets a write to a closed one end the process by SIGPIPE; this one
// goes by PlainStream.

PlainStream& stream_of(BIO* bio) {
  return *static_cast<PlainStream*>(BIO_get_data(bio));
}

int bio_read(BIO* bio, char* out, int size) {
  BIO_clear_retry_flags(bio);
  const IoResult result = stream_of(bio).read({out, static_cast<std::size_t>(size)});
  if (result.state == IoState::wants_read) {
    BIO_set_retry_read(bio);
    return -1;
  }
  if (result.state == IoState::ended) {
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return 0;
  }
  return result.state == IoState::done ? static_cast<int>(result.bytes) : -1;
}

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const IoResult result = stream_of(bio).write({bytes, static_cast<std::size_t>(size)});
  if (result.state == IoState::wants_write) {
    BIO_set_retry_write(bio);
  }
  return result.state == IoState::done ? static_cast<int>(result.bytes) : -1;
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) {
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  }
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  BIO_METHOD* const method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "keystone socket");
  if (method != nullptr) {
    (void)BIO_meth_set_read(method, bio_read);
    (void)BIO_meth_set_write(method, bio_write);
    (void)BIO_meth_set_ctrl(method, bio_control);
  }
  return method;
}

BIO* make_bio(PlainStream& socket) {
  static BIO_METHOD* const method = make_method();  // lives as long as any connection may
  BIO* const bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio != nullptr) {
    BIO_set_data(bio, &socket);
    BIO_set_init(bio, 1);
  }
  return bio;
}

}  // namespace

Result<std::unique_ptr<ByteStream>> TlsStream::accept(SSL_CTX* context, int socket) {
  std::unique_ptr<TlsStream> stream(new TlsStream(socket));
  stream->ssl_.reset(SSL_new(context));
  BIO* const bio = make_bio(stream->socket_);
  if (!stream->ssl_ || bio == nullptr) {
    BIO_free(bio);
    return fail(ErrorCode::internal, "tls: out of memory");
  }
  SSL_set_bio(stream->ssl_.get(), bio, bio);  // which frees it
  SSL_set_accept_state(stream->ssl_.get());
  return std::unique_ptr<ByteStream>(std::move(stream));
}

IoResult TlsStream::handshake() {
  ERR_clear_error();
  const IoResult result = result_of(SSL_do_handshake(ssl_.get()), 0);
  is_sound_ = result.state == IoState::done;
  return result;
}

IoResult TlsStream::read(std::span<char> out) {
  ERR_clear_error();
  std::size_t count = 0;
  const int outcome = SSL_read_ex(ssl_.get(), out.data(), out.size(), &count);
  return result_of(outcome, count);
}

IoResult TlsStream::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t count = 0;
  const int outcome = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return result_of(outcome, count);
}

void TlsStream::end() {
  if (is_sound_) {
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  socket_.end();
}

IoResult TlsStream::result_of(int outcome, std::size_t bytes) {
  if (outcome == 1) {
    return {IoState::done, bytes};
  }
  const int error = SSL_get_error(ssl_.get(), outcome);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return {IoState::wants_read};
    case SSL_ERROR_WANT_WRITE:
      return {IoState::wants_write};
    case SSL_ERROR_ZERO_RETURN:
      return {IoState::ended};
    default:
      is_sound_ = false;
      return {IoState::failed};
  }
}

std::optional<std::string> TlsStream::certificate_subject() const {
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  if (!text ||
      X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) {
    return std::nullopt;
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace keystone::server::http
