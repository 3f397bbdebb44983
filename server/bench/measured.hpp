// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "load.hpp"
#include "site.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace keystone::bench {

constexpr std::uint32_t kClients = 64;  // at once, so that writes share transactions
constexpr std::uint32_t kTurn = 500;    // sessions, of each task in turn

// Something whose processor time is measured. `run(n)` does what n sessions need of it.
struct Task {
  std::string name;
  std::function<void(std::uint32_t)> run;
  double seconds = 0;  // of the processors, so far

  // How many settlements shared a transaction; absent where nothing is written.
  std::function<double()> sharing = {};
};

// Measures all of them in turns, a few sessions at a time, so that each meets the machine in the
// same mood: `sessions` of each in all, after as many as a turn has to warm up.
void measure_in_turns(std::vector<Task>& tasks, std::uint32_t sessions);

// Calls `work` with 0, 1, ... on as many threads as a server has workers: where cores are shared,
// processor time is dearer, and so each part is measured in as full a house as the whole.
void on_workers(std::uint32_t times, const std::function<void(std::uint32_t)>& work);

// Whole sessions of kClients, and what they are made of, each part alone and with the very bytes of
// a session (parts.cpp). A verifier checks both signatures of a report whose Security Monitor it
// has never seen, and one of a known device's: names that end in `_known` are of those.
[[nodiscard]] Task complete_session(const LoadProcess& clients);
[[nodiscard]] Task complete_session_known(const LoadProcess& clients);
[[nodiscard]] Task two_bare_http(const LoadProcess& clients);
[[nodiscard]] Task two_verifications();
[[nodiscard]] Task verification_known();
[[nodiscard]] Task one_es256();
[[nodiscard]] Task one_store_write();

}  // namespace keystone::bench
