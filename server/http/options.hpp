// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace keystone::server::http {

enum class ClientCertificates : std::uint8_t { none, optional, required };

// TLS 1.3 of a listener, without tickets, resumption, early data or renegotiation. The files are
// PEM, and read at start and at reload.
struct TlsOptions {
  std::string certificate_file;  // the server's own first, then the chain
  std::string key_file;          // its key, without a pass phrase
  ClientCertificates client_certificates = ClientCertificates::none;
  std::string client_ca_file = {};  // who may sign those; needed unless `none`
  bool allow_tls_1_2 = false;
};

struct ListenerOptions {
  std::string address;     // an IPv4 or IPv6 address in numbers
  std::uint16_t port = 0;  // 0: the system chooses
  std::string name;        // Request::listener, for instance `public`
  std::optional<TlsOptions> tls = {};
};

// Bounds on what clients may hold. Each is at least 1 (sizes) or more than nothing (times).
struct Limits {
  std::size_t max_connections = 16'384;           // of all listeners together
  std::size_t max_connections_per_address = 256;  // IPv6: per /64; proxies have no such limit
  std::size_t max_head = 16 * 1024;               // bytes: request line and headers
  std::size_t max_headers = 100;
  std::size_t max_target = 4096;                     // bytes
  std::size_t max_bodies = std::size_t{256} << 20U;  // bytes: of all bodies being read or used;
                                                     // those over kLargeBody get half
  std::chrono::milliseconds handshake_time{10'000};  // for the TLS handshake, all of it
  std::chrono::milliseconds header_time{10'000};     // for a head, and for a pause in a body
  std::chrono::milliseconds body_time{10'000};       // for a body, and ...
  std::size_t min_body_rate = 16 * 1024;             // ... one second more for so many bytes
  std::chrono::milliseconds idle_time{60'000};       // between requests, and before the first
  std::chrono::milliseconds write_time{30'000};      // to take an answer; of a stream, a piece
  std::chrono::milliseconds stream_time{600'000};    // to make and take a stream, all of it
  std::chrono::milliseconds linger_time{2'000};      // after a refusal, for the client to close
};

// A token bucket. Nought a second: no limit.
struct Rate {
  std::uint32_t per_second = 0;
  std::uint32_t burst = 1;  // how many at once, after a pause; at least 1
};

struct RateLimits {
  Rate per_address = {};             // IPv6: per /64
  Rate per_key = {};                 // of Handler::rate_key
  std::size_t max_tracked = 65'536;  // addresses, and keys; the one unseen longest is forgotten
};

// The header in which the proxies name their client. Only one, as a proxy passes on the other one
// as the client made it up.
enum class ForwardedHeader : std::uint8_t { x_forwarded_for, forwarded };

// Whose word on the client's address is taken.
struct Proxies {
  std::vector<std::string> trusted = {};  // `ADDRESS` or `ADDRESS/BITS`
  ForwardedHeader header = ForwardedHeader::x_forwarded_for;
};

struct ServerOptions {
  std::vector<ListenerOptions> listeners;  // at least one; names may repeat
  Limits limits = {};
  RateLimits rates = {};
  Proxies proxies = {};
  std::size_t loops = 0;     // event loops, a thread each; 0: one a core
  std::size_t workers = 16;  // threads that run the handler; more wait for the disk together
  std::size_t queue = 256;   // requests that wait for a worker; further ones get 503
};

}  // namespace keystone::server::http
