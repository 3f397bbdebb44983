// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/crypto/secret_bytes.hpp"
#include "origin.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// One request and its answer, over HTTP/1.1 and TLS: a connection each. What of it means what is
// not known here.
namespace keystone::detail {

struct WireOptions {
  Origin origin;
  std::string ca, certificate;  // as in ClientOptions
  SecretBytes key, token;
  std::chrono::milliseconds timeout;
  std::size_t max_answer;  // bytes of a body
};

struct HttpRequest {
  std::string_view method;
  std::string target;  // path and query
  std::string_view accept;
  std::string_view content_type;  // empty: no body
  ByteView body;
};

struct HttpAnswer {
  unsigned status;
  std::string location;                             // empty: none
  std::optional<std::chrono::seconds> retry_after;  // as a number; dates are not read
  std::string body;
};

// Why there is no answer, and whether the server may have got the request all the same.
struct Lost {
  Error error;
  bool may_have_arrived;
};

class Wire {
 public:
  // `usage` for certificates, keys and tokens that cannot be used, and for a connection without TLS
  // to another machine.
  [[nodiscard]] static Result<Wire> create(WireOptions options);
  ~Wire();
  Wire(Wire&& other) noexcept;

  // `unreachable` if there is no connection, it broke off or its time was up; `malformed` and
  // `limit_exceeded` for what is no answer of HTTP.
  [[nodiscard]] tl::expected<HttpAnswer, Lost> exchange(const HttpRequest& request) const;

  [[nodiscard]] const Origin& origin() const;

 private:
  class Impl;
  explicit Wire(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace keystone::detail
