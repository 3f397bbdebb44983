// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/handler.hpp"

#include <string>

namespace keystone::server {

// What became of a request, for the log. Nothing in it is secret: no token, and no session id,
// which is as good as one (`session` is the session's serial, by which nothing can be asked).
struct Handled {
  std::string request_id;
  std::string method;
  std::string route;    // the pattern, such as /v1/policies/{name}; empty: there is none
  std::string actor;    // `token:<id>`, `certificate:<subject>`, `anonymous`, or empty: refused
  std::string session;  // its serial, in hex
  std::string result;   // the result's id
  std::string verdict;  // in one line: `accepted`, `rejected: sm_hash`
  unsigned status = 0;
  std::string cause;  // of a 500 or 503, what the client is not told
};

// Who wants to know what happens: the daemon's log. Calls may come from any thread, and must not
// block for long.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_handled(const Handled& handled) = 0;

  // The transport's own events, as they come. A path in them may hold a session's id: log
  // loggable_path() of it.
  virtual void on_transport(const http::TransportEvent& event) = 0;
};

}  // namespace keystone::server
