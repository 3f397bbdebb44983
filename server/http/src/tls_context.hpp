// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/options.hpp"
#include "http/src/byte_stream.hpp"
#include "keystone/base/result.hpp"

#include <memory>

struct ssl_ctx_st;

namespace keystone::server::http {

// What the TLS connections of a listener have in common. Immutable, and so thread-safe.
class TlsContext {
 public:
  // Reads the files. Fails with `unreadable` or `malformed`, naming the file; with `usage` where
  // client certificates are wanted and nobody may sign them.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> load(const TlsOptions& options);

  // The server's end on a socket that is somebody else's and outlives it. Fails with `internal`.
  [[nodiscard]] Result<std::unique_ptr<ByteStream>> accept(int socket) const;

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}

  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace keystone::server::http
