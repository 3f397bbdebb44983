// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace keystone::testing {

// What a server does with one connection: it gets the request that came (head and body) and says
// what to send. The connection is closed then.
using Reply = std::function<std::string(const std::string& request)>;

// A server on loopback that answers each connection in turn by the next line of a script, and after
// the last by closing the connection. It says whatever it is told, be it HTTP or not.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Reply> script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  // http://127.0.0.1:PORT
  [[nodiscard]] std::string origin() const;

  // The requests so far.
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  void serve();

  std::vector<Reply> script_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

// An answer with that status line's rest, such as `200 OK`, header lines and body; with its length.
[[nodiscard]] std::string http_answer(const std::string& status, const std::string& headers,
                                      const std::string& body);

// A reply that is always the same.
[[nodiscard]] inline Reply always(std::string text) {
  return [text = std::move(text)](const std::string&) { return text; };
}

}  // namespace keystone::testing
