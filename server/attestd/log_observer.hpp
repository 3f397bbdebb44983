// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/observer.hpp"
#include "attestd/log.hpp"

namespace keystone::server::attestd {

// Writes to the log what the service and the transport tell: each request as `request`, at `info`;
// its verdict as `verdict`, joined to it by the request's id; what went wrong here as `failure`;
// connections at `debug`, and refused ones at `warning`.
class LogObserver final : public Observer {
 public:
  // `log` must outlive it.
  explicit LogObserver(Log& log) : log_(log) {}

  void on_handled(const Handled& handled) override;
  void on_transport(const http::TransportEvent& event) override;

 private:
  void request(const http::TransportEvent& event);

  Log& log_;
};

}  // namespace keystone::server::attestd
