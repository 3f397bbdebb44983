// SPDX-License-Identifier: Apache-2.0
// The program as a user runs it, as a whole process, against bare SHA3-512 over the same bytes.
// Arguments: the program and the folder of the bundled enclave, before google-benchmark's own.
#include <keystone/crypto/digest.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char** environ;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBigEapp = std::size_t{256} << 20U;
constexpr std::size_t kGoldenEapp = std::size_t{8} << 20U;
constexpr int kGoldenEntries = 64;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// What one run of the program cost.
struct Cost {
  double cpu;   // seconds of user and system time
  double wall;  // seconds
};

Cost run(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  int status = -1;
  rusage usage{};
  const bool ran = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0 &&
                   wait4(child, &status, 0, &usage) == child;
  const auto end = std::chrono::steady_clock::now();
  posix_spawn_file_actions_destroy(&actions);
  if (!ran || status != 0) {
    throw std::runtime_error("the program did not run: " + arguments[0]);
  }
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          std::chrono::duration<double>(end - start).count()};
}

std::vector<std::uint8_t> some_bytes(std::size_t size, std::uint32_t seed) {
  std::vector<std::uint8_t> bytes(size);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

void write_file(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

// A folder with the inputs, gone at the end.
class Workplace {
 public:
  Workplace(std::string program, fs::path bundled)
      : program_(std::move(program)), bundled_(std::move(bundled)) {
    std::string name = (fs::temp_directory_path() / "keystone-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("cannot make a temporary folder");
    }
    folder_ = name;
    big_ = some_bytes(kBigEapp, 1);
    write_file(folder_ / "big", big_);
    fs::copy_file(bundled_ / "runtime.elf", folder_ / "runtime.elf");
    fs::copy_file(bundled_ / "loader.bin", folder_ / "loader.bin");
    for (int i = 0; i < kGoldenEntries; ++i) {
      add_golden_entry(i);
    }
  }
  ~Workplace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  [[nodiscard]] const std::vector<std::uint8_t>& big() const { return big_; }

  [[nodiscard]] std::vector<std::string> enclave(const fs::path& eapp,
                                                 const std::string& format) const {
    return {program_,
            "enclave",
            "--quiet",
            "--eapp",
            eapp,
            "--runtime",
            folder_ / "runtime.elf",
            "--loader",
            folder_ / "loader.bin",
            "--format",
            format};
  }

  [[nodiscard]] fs::path big_eapp() const { return folder_ / "big"; }
  [[nodiscard]] fs::path bundled_eapp() const { return bundled_ / "eapp.elf"; }

  [[nodiscard]] std::vector<std::string> check(const std::string& jobs) const {
    return {program_, "golden", "check", "--quiet", folder_ / "golden.json", "--jobs", jobs};
  }

 private:
  void add_golden_entry(int number) {
    const std::string name = "eapp" + std::to_string(number);
    write_file(folder_ / name, some_bytes(kGoldenEapp, static_cast<std::uint32_t>(number) + 2));
    run({program_, "golden", "add", "--quiet", folder_ / "golden.json", "--name", name, "--eapp",
         folder_ / name, "--runtime", folder_ / "runtime.elf", "--loader", folder_ / "loader.bin"});
  }

  std::string program_;
  fs::path bundled_;
  fs::path folder_;
  std::vector<std::uint8_t> big_;
};

void raw_sha3_512(benchmark::State& state, const Workplace& place) {
  for (auto _ : state) {
    auto digest = keystone::sha3_512(place.big());
    benchmark::DoNotOptimize(digest);
  }
}

// By hand: the processor time of the whole process, or the wall time where threads are compared.
void program(benchmark::State& state, const std::vector<std::string>& arguments, bool wall) {
  for (auto _ : state) {
    const Cost cost = run(arguments);
    state.SetIterationTime(wall ? cost.wall : cost.cpu);
  }
}

void add_program(const char* name, const std::vector<std::string>& arguments, bool wall) {
  benchmark::RegisterBenchmark(name,
                               [=](benchmark::State& state) { program(state, arguments, wall); })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s KEYSTONE-MEASURE BUNDLED-FOLDER [BENCHMARK OPTIONS]\n",
                 argv[0]);
    return 2;
  }
  const Workplace place(argv[1], argv[2]);
  argv[2] = argv[0];
  int rest = argc - 2;
  benchmark::Initialize(&rest, argv + 2);
  benchmark::RegisterBenchmark("raw_sha3_512", [&](benchmark::State& state) {
    raw_sha3_512(state, place);
  })->Unit(benchmark::kMillisecond);
  add_program("enclave_hex", place.enclave(place.big_eapp(), "hex"), false);
  add_program("enclave_json", place.enclave(place.big_eapp(), "json"), false);
  add_program("golden_check_jobs_1", place.check("1"), true);
  add_program("golden_check_jobs_2", place.check("2"), true);
  add_program("golden_check_cpu", place.check("1"), false);
  add_program("bundled_enclave", place.enclave(place.bundled_eapp(), "hex"), true);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
