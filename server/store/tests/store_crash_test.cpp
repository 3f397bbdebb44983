// SPDX-License-Identifier: Apache-2.0
// Kills a process that writes, at random points, again and again over one database, and looks
// whether everything that was acknowledged is there:
//
//   store_crash_test sqlite|postgres ROUNDS
#include "store_setting.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keystone::server {
namespace {

constexpr int kThreads = 8;

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw std::runtime_error(what);
  }
}

// The identifier of a settlement is its nonce's number. One of a call is given to a thread, which
// says when it is recorded, in a write that the kernel does not cut.
[[noreturn]] void write_until_killed(const StoreOptions& options, std::uint64_t first, int out) {
  Store store = Store::open(options, fill_random).value();
  std::atomic<std::uint64_t> next = first;
  const auto settle_for_ever = [&] {
    while (true) {
      const std::uint64_t number = next++;
      const auto settled =
          settle(store, {settlement_of(std::to_string(number), {{nonce_of(number), after(300)}})});
      if (!settled || settled->front() != Settled::recorded ||
          ::write(out, &number, sizeof number) != sizeof number) {
        ::_exit(1);
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(settle_for_ever);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ::_exit(1);
}

// Lets a process write until a random moment, and kills it: the numbers that it acknowledged.
std::vector<std::uint64_t> acknowledged_before_kill(const StoreOptions& options,
                                                    std::uint64_t first, unsigned acknowledgements,
                                                    std::chrono::microseconds delay) {
  int ends[2];
  require(::pipe(ends) == 0, "cannot make a pipe");
  const pid_t pid = ::fork();
  if (pid == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)::close(ends[0]);
    write_until_killed(options, first, ends[1]);
  }
  require(pid > 0, "cannot fork");
  (void)::close(ends[1]);
  std::vector<std::uint64_t> numbers;
  std::uint64_t number = 0;
  while (::read(ends[0], &number, sizeof number) == sizeof number) {
    numbers.push_back(number);
    if (numbers.size() == acknowledgements) {
      std::this_thread::sleep_for(delay);
      (void)::kill(pid, SIGKILL);
    }
  }
  (void)::close(ends[0]);
  int status = 0;
  require(::waitpid(pid, &status, 0) == pid && WIFSIGNALED(status), "the writer failed by itself");
  return numbers;
}

// The first number that no settlement has had.
std::uint64_t check(const StoreOptions& options, const std::vector<std::uint64_t>& numbers,
                    std::uint64_t first) {
  Store store = Store::open(options, fill_random).value();
  const auto verdict = verify_audit(store, {}).value();
  require(!verdict.broken, "the audit log is broken");
  for (const std::uint64_t number : numbers) {
    const std::string id = std::to_string(number);
    require(store.find_result(id).value().has_value(), "lost: " + id);
    require(!store.spend(nonce_of(number), after(300)).value(), "spent twice: " + id);
  }
  // What was written without having been acknowledged was written whole.
  const std::uint64_t end = first + numbers.size() + 2 * kThreads + 1;
  std::uint64_t found = 0;
  for (std::uint64_t number = first; number < end; ++number) {
    const bool is_there = store.find_result(std::to_string(number)).value().has_value();
    const bool is_new = store.spend(nonce_of(number), after(300)).value();
    require(is_there != is_new, "half written: " + std::to_string(number));
    found += is_there ? 1 : 0;
  }
  require(verdict.head.seq == store.audit_head().value().seq, "the log moved");
  require(found >= numbers.size(), "fewer found than acknowledged");
  return end;
}

void run(Backend backend, int rounds) {
  const FreshDatabase fresh(backend);
  std::mt19937 random(static_cast<unsigned>(rounds));
  std::uint64_t first = 1;
  std::size_t acknowledged = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto delay = std::chrono::microseconds(random() % 5000);
    const auto acknowledgements = static_cast<unsigned>(1 + random() % 100);
    const auto numbers = acknowledged_before_kill(fresh.options(), first, acknowledgements, delay);
    first = check(fresh.options(), numbers, first);
    acknowledged += numbers.size();
  }
  std::printf("%d rounds, %zu acknowledged, none lost\n", rounds, acknowledged);
}

}  // namespace
}  // namespace keystone::server

int main(int argc, char** argv) {
  using keystone::server::Backend;
  const std::string backend = argc == 3 ? argv[1] : "";
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  if ((backend != "sqlite" && backend != "postgres") || rounds < 1) {
    std::fprintf(stderr, "usage: store_crash_test sqlite|postgres ROUNDS\n");
    return 2;
  }
  try {
    keystone::server::run(backend == "sqlite" ? Backend::sqlite : Backend::postgres, rounds);
    return 0;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "store_crash_test: %s\n", problem.what());
    return 1;
  }
}
