// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/handler.hpp"
#include "http/src/admission.hpp"
#include "http/src/rate_limiter.hpp"
#include "http/src/settings.hpp"
#include "http/src/worker_pool.hpp"

#include <memory>
#include <string>
#include <vector>

namespace keystone::server::http {

// What the event loops of a server share. Every member is thread-safe or constant.
struct Core {
  Core(const ServerOptions& options, std::shared_ptr<Handler> answers)
      : handler(std::move(answers)),
        addresses(options.rates.per_address, options.rates.max_tracked),
        keys(options.rates.per_key, options.rates.max_tracked),
        pool(options.workers, options.queue) {
    for (const ListenerOptions& listener : options.listeners) {
      listener_names.push_back(listener.name);
    }
  }

  const std::shared_ptr<Handler> handler;
  std::vector<std::string> listener_names;
  Admission admission;
  BodyBudget bodies;
  RateTable addresses;
  RateTable keys;
  WorkerPool pool;  // the last, so that its threads end first
};

}  // namespace keystone::server::http
