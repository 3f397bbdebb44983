// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/crypto/secret_bytes.hpp"
#include "keystone/ear/jwk.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// A client of attestation servers: the challenge-response API that Veraison's services have
// (POST newSession, POST evidence, GET the result). It never tries to be clever: no redirect and no
// Location to another server is followed, no certificate is excused, and evidence is posted again
// only when the server cannot have used it.
namespace keystone {

struct ClientOptions {
  // https://host[:port], or http:// with a loopback address or `localhost`, which must have no
  // other addresses either.
  std::string origin;

  // Of TLS, all in PEM. `ca`: whom to trust; empty: what the system trusts. `certificate` (a chain)
  // and `key`: the client's own, both or none.
  std::string ca;
  std::string certificate;
  SecretBytes key;

  // A bearer token; empty: none. It goes to the origin and nowhere else.
  SecretBytes token;

  // What every request has, from the look-up of the name to the answer's last byte.
  std::chrono::milliseconds timeout{10'000};

  // How often a request is made again, after 0.2 s, 0.4 s and so on up to 10 s, less a random part.
  // A server's Retry-After is obeyed up to a minute.
  unsigned retries = 4;

  // How to wait; empty: the thread sleeps.
  std::function<void(std::chrono::milliseconds)> sleep;
};

struct SessionRequest {
  std::variant<std::size_t, std::vector<std::uint8_t>> nonce;  // its size, or itself: 8 to 64 bytes
  std::string policy;  // by which to appraise; empty: the server's default
};

struct ClientSession {
  std::vector<std::uint8_t> nonce;    // what the evidence must be for
  std::string path;                   // where it goes; as secret as the session
  std::optional<Instant> expires;     // as the server says
  std::vector<std::string> accepted;  // media types of evidence
};

// Errors of all calls: `unreachable` for a server that cannot be reached, that does not prove to be
// the one that was asked for, or that is still busy after all retries; `malformed` and
// `limit_exceeded` for answers that are not what they must be, refusals included; `usage` where the
// server wants another token.
class AttestationClient {
 public:
  static constexpr std::size_t kMaxAnswer = std::size_t{512} * 1024;  // bytes of a body

  // `usage` for an origin, a token or files of TLS that cannot be used. Opens no connection.
  [[nodiscard]] static Result<AttestationClient> create(ClientOptions options);
  ~AttestationClient();
  AttestationClient(AttestationClient&& other) noexcept;
  AttestationClient& operator=(AttestationClient&& other) noexcept;

  // The session has the nonce that was asked for, or one of the size that was.
  [[nodiscard]] Result<ClientSession> open_session(const SessionRequest& request);

  // The result, a token that nobody has checked yet: read_ear_token() does. Where the connection
  // breaks off after the evidence went out, the server is asked what became of it.
  [[nodiscard]] Result<std::string> submit(const ClientSession& session, ByteView evidence,
                                           std::string_view media_type);

  // The server's keys, as good as the connection they came by.
  [[nodiscard]] Result<JwkSet> fetch_keys();

 private:
  class Impl;
  explicit AttestationClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace keystone
