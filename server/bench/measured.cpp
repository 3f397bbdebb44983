// SPDX-License-Identifier: Apache-2.0
#include "measured.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <thread>

namespace keystone::bench {
namespace {

// Seconds that this process has had of the processors.
double cpu_seconds() {
  timespec time{};
  (void)::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

void measure_in_turns(std::vector<Task>& tasks, std::uint32_t sessions) {
  for (const Task& task : tasks) {
    task.run(kTurn);
  }
  for (std::uint32_t done = 0; done < sessions; done += kTurn) {
    for (Task& task : tasks) {
      const double before = cpu_seconds();
      task.run(kTurn);
      task.seconds += cpu_seconds() - before;
    }
  }
}

void on_workers(std::uint32_t times, const std::function<void(std::uint32_t)>& work) {
  std::atomic<std::uint32_t> begun = 0;
  const auto loop = [&] {
    for (std::uint32_t i = begun++; i < times; i = begun++) {
      work(i);
    }
  };
  std::vector<std::thread> threads(server::http::ServerOptions().workers);
  std::generate(threads.begin(), threads.end(), [&] { return std::thread(loop); });
  std::for_each(threads.begin(), threads.end(), [](std::thread& thread) { thread.join(); });
}

}  // namespace keystone::bench
