// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the transport hands to a Handler and takes back from it: one HTTP exchange, as plain values.
namespace keystone::server::http {

struct Header {
  std::string name;   // as sent; names are compared in any case
  std::string value;  // without white space around it
};

// Who asks.
struct Peer {
  std::string address;    // an IP address as text: the client's own, behind configured proxies too
  bool loopback = false;  // it is on this machine, and nobody asks on another's behalf
  bool tls = false;       // the connection to this server is
  std::optional<std::string> certificate_subject;  // RFC 2253; only of a certificate that verifies
};

// A request whose framing is sound: one Host at most, a body of the length that was announced.
struct Request {
  std::string method;
  std::string path;   // still percent-encoded; starts with `/`, or is `*`; printable ASCII
  std::string query;  // what follows the first `?`, still percent-encoded; printable ASCII
  std::vector<Header> headers;  // in the order sent; no trailers
  std::string body;
  Peer peer;
  std::string id;        // 32 hex digits, made here; nothing that the client sent
  std::string listener;  // the name of the listener that took it

  // The value of the first header of that name, in any case; null: there is none. Valid as long as
  // the headers are.
  [[nodiscard]] const std::string* header(std::string_view name) const;

  // Whether that header is there more than once.
  [[nodiscard]] bool has_twice(std::string_view name) const;
};

// The next piece of a body: appended to `chunk`. False: that was the last. May block, as it is
// called on a worker, never twice at a time. An Error breaks off the answer, visibly for the
// client. The Request that it answers lives, unmoved, as long as the source does.
using BodySource = std::function<Result<bool>(std::string& chunk)>;

// An answer. The transport adds Date, Server, X-Request-Id, Connection and what frames the body;
// those (and Content-Length, Transfer-Encoding) are not to be among the headers.
struct Response {
  unsigned status = 200;
  std::vector<Header> headers = {};  // a name or value that would break the framing makes a 500
  std::string body = {};             // left out for HEAD, 204 and 304
  BodySource stream = {};            // if set, the body comes from it, chunked, and `body` is empty
};

}  // namespace keystone::server::http
