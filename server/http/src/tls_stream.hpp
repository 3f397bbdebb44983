// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/plain_stream.hpp"
#include "keystone/base/result.hpp"

#include <memory>

#include <openssl/ssl.h>

namespace keystone::server::http {

// The server's end of TLS. Memory of an idle one: OpenSSL's state, no record buffers.
class TlsStream final : public ByteStream {
 public:
  // Fails with `internal`.
  [[nodiscard]] static Result<std::unique_ptr<ByteStream>> accept(SSL_CTX* context, int socket);

  [[nodiscard]] IoResult handshake() override;
  [[nodiscard]] IoResult read(std::span<char> out) override;
  [[nodiscard]] bool holds_bytes() const override { return SSL_has_pending(ssl_.get()) == 1; }
  [[nodiscard]] IoResult write(std::string_view bytes) override;
  void end() override;
  [[nodiscard]] std::optional<std::string> certificate_subject() const override;

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  explicit TlsStream(int socket) : socket_(socket) {}
  [[nodiscard]] IoResult result_of(int outcome, std::size_t bytes);

  PlainStream socket_;
  std::unique_ptr<SSL, Free> ssl_;
  bool is_sound_ = false;  // the handshake is over, and nothing has failed
};

}  // namespace keystone::server::http
