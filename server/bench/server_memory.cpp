// SPDX-License-Identifier: Apache-2.0
// What the daemon keeps in memory while sessions come, and most of them stay open.
//
// usage: server_memory KEYSTONE_ATTESTD SESSIONS
#include "daemon.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"
#include "load.hpp"

#include <stdexcept>

#include <benchmark/benchmark.h>

namespace keystone::bench {
namespace {

using benchmark::State;

constexpr std::uint32_t kOpen = 100'000;
constexpr std::uint32_t kClients = 64;
constexpr std::uint32_t kEvery = 20;  // that is answered; the others stay open

// Opens sessions until there are that many, and shows what is resident then.
class Filling {
 public:
  Filling(const Daemon& daemon, const LoadProcess& clients) : daemon_(daemon), clients_(clients) {}

  void to(State& state, std::uint32_t sessions) {
    for (auto _ : state) {
      clients_.run({Load::Kind::sessions, daemon_.port(), 0, kClients, sessions - opened_, kEvery});
      opened_ = sessions;
    }
    state.counters["MiB"] = daemon_.resident();
    state.counters["sessions"] = opened_;
  }

 private:
  const Daemon& daemon_;
  const LoadProcess& clients_;
  std::uint32_t opened_ = 0;
};

void run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 3) {
    throw std::runtime_error("usage: server_memory KEYSTONE_ATTESTD SESSIONS");
  }
  constexpr NumberRange kSessions{3 * kOpen, 10'000'000};
  const auto sessions =
      narrow<std::uint32_t>(parse_unsigned("SESSIONS", argv[2], kSessions).value());
  const LoadProcess clients;
  const Daemon daemon(argv[1]);
  Filling filling(daemon, clients);
  const auto add = [&](const char* name, std::uint32_t until) {
    benchmark::RegisterBenchmark(name,
                                 [&filling, until](State& state) { filling.to(state, until); });
  };
  // A twentieth more, as those were answered.
  add("open_100000_MiB", kOpen + kOpen / (kEvery - 1) + 1);
  add("after_half_MiB", sessions / 2);
  add("after_all_MiB", sessions);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace
}  // namespace keystone::bench

int main(int argc, char** argv) {
  keystone::bench::run(argc, argv);
}
