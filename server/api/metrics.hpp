// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/handler.hpp"
#include "keystone/verifier/verdict.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace keystone::server {

// What is counted, in the text format of Prometheus. Labels have few values, whatever clients send:
// a path counts under its route, or as `other`. Thread-safe.
class Metrics {
 public:
  explicit Metrics(const std::string& version);
  ~Metrics();

  void count(const http::TransportEvent& event);
  void count_verdict(const Verdict& verdict);
  void count_session();
  void count_replay();  // a challenge was answered again
  void count_store_failure();

  // All of it, with what is only known now.
  [[nodiscard]] std::string render(std::size_t open_sessions) const;

  // The type of what render() gives.
  static constexpr std::string_view kMediaType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace keystone::server
