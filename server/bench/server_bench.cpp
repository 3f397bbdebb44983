// SPDX-License-Identifier: Apache-2.0
// What a session costs the server, against what it is made of; and how long clients wait while
// others mean no good. Costs are processor time of this process, of 1000 sessions: the clients are
// in processes of their own.
#include "measured.hpp"
#include "sockets.hpp"

#include <optional>
#include <stdexcept>

#include <benchmark/benchmark.h>

namespace keystone::bench {
namespace {

using benchmark::State;

constexpr std::uint32_t kSessions = 2000;  // of each task
constexpr std::uint32_t kFigure = 1000;    // sessions that a figure is of
constexpr std::uint32_t kServed = 16;      // clients whose answers are timed
constexpr std::uint32_t kSilent = 10'000;  // connections that say nothing

class Tasks {
 public:
  explicit Tasks(const LoadProcess& clients)
      : tasks_{complete_session(clients), two_bare_http(clients),
               two_verifications(),       one_es256(),
               one_store_write(),         complete_session_known(clients),
               verification_known()} {}

  // Measures all of them when the first is asked for.
  void report(State& state, std::size_t index) {
    if (tasks_.front().seconds == 0) {
      measure_in_turns(tasks_, kSessions);
    }
    const Task& task = tasks_.at(index);
    for (auto _ : state) {
      state.SetIterationTime(task.seconds * kFigure / kSessions);
    }
    if (task.sharing) {
      state.counters["settlements_a_transaction"] = task.sharing();
    }
  }

  [[nodiscard]] const std::vector<Task>& all() const { return tasks_; }

 private:
  std::vector<Task> tasks_;
};

// How long clients wait for answers, when all is warm.
Outcome time_clients(const LoadProcess& clients, const Listening& server) {
  const Load load{Load::Kind::sessions, server.port(), 0, kServed, kSessions, 1};
  clients.run(load);
  return clients.run(load);
}

Outcome time_undisturbed(const LoadProcess& clients) {
  const Site site;
  const Listening server(site.folder, site.service);
  return time_clients(clients, server);
}

Outcome time_beside_hostile(const LoadProcess& clients, const LoadProcess& strangers) {
  const Site site;
  const Listening server(site.folder, site.service);
  strangers.run({Load::Kind::hostile, server.port(), server.tls_port(), kSilent, 0, 1});
  const Outcome outcome = time_clients(clients, server);
  const std::uint32_t held = strangers.run({}).count;
  if (held < kSilent) {
    throw std::runtime_error("held only " + std::to_string(held) + " silent connections");
  }
  return outcome;
}

// 99 of 100 requests were answered within the time that it reports. Times them once, however often
// the figure is asked for.
template <class Timing>
auto p99_of(const Timing& timing) {
  return [timing, once = std::optional<Outcome>()](State& state) mutable {
    once = once ? once : timing();
    for (auto _ : state) {
      state.SetIterationTime(static_cast<double>(once->p99_ns) * 1e-9);
    }
    state.counters["p50_ms"] = static_cast<double>(once->p50_ns) * 1e-6;
  };
}

template <class Function>
void add(const std::string& name, const Function& function) {
  benchmark::RegisterBenchmark(name.c_str(), function)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

void run(int argc, char** argv) {
  const LoadProcess clients;
  const LoadProcess strangers;
  raise_file_limit();
  Tasks tasks(clients);
  for (std::size_t i = 0; i < tasks.all().size(); ++i) {
    add(tasks.all()[i].name, [&tasks, i](State& state) { tasks.report(state, i); });
  }
  add("p99_undisturbed", p99_of([&] { return time_undisturbed(clients); }));
  add("p99_beside_hostile", p99_of([&] { return time_beside_hostile(clients, strangers); }));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace
}  // namespace keystone::bench

int main(int argc, char** argv) {
  keystone::bench::run(argc, argv);
}
