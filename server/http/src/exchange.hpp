// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/handler.hpp"
#include "http/src/admission.hpp"

#include <atomic>
#include <chrono>

namespace keystone::server::http {

// One request and what becomes of it. The loop and the worker hand it to each other: only one of
// them has it at a time, but for what is constant while a worker has it.
struct Exchange {
  explicit Exchange(BodyBudget& bodies) : share(bodies) {}

  Request request;       // as long as its answer is made
  BodySource stream;     // of the answer, if it has one
  TransportEvent event;  // request_finished, as far as it is known
  std::chrono::steady_clock::time_point began;
  bool is_head = false;
  bool is_http_1_1 = true;
  bool keeps_alive = false;
  std::chrono::steady_clock::time_point stream_deadline;  // if there is a stream
  // A worker had no memory to hand on what it made. It may be set while the loop has the rest.
  std::atomic<bool> is_lost = false;
  BodyBudget::Share share;
};

}  // namespace keystone::server::http
