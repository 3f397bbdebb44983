// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without a fuzzer: on every file of the folders named, on truncations and bit
// flips of each, and on no bytes at all. The same inputs in every run.
#include "keystone/testing/fuzz.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostOfAKind = 999;  // truncations of one file, and bit flips
constexpr std::size_t kLargestFile = std::size_t{1} << 20U;

char current[512];  // what runs now, for the line that a finding leaves

void tell_what_ran(int) {
  (void)!::write(STDERR_FILENO, current, std::strlen(current));
  (void)std::signal(SIGABRT, SIG_DFL);
}

class Replay {
 public:
  void run_folder(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        files.push_back(entry.path());
      }
    }
    if (files.empty()) {
      throw std::runtime_error(folder.string() + ": there is no file");
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      run_file(file);
    }
  }

  void run(const std::string& name, const char* change, std::size_t at, const Bytes& input) {
    (void)std::snprintf(current, sizeof current, "fuzz_replay: finding: %s, %s %zu\n", name.c_str(),
                        change, at);
    keystone::fuzz(input);
    current[0] = '\0';
    ++inputs_;
  }

  [[nodiscard]] std::size_t inputs() const { return inputs_; }

 private:
  void run_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const Bytes whole(std::istreambuf_iterator<char>(file), {});
    if (!file || whole.size() > kLargestFile) {
      throw std::runtime_error(path.string() + ": cannot read it, or more than 1 MiB");
    }
    run(path.string(), "whole, bytes", whole.size(), whole);
    run_truncations(path.string(), whole);
    run_bit_flips(path.string(), whole);
  }

  void run_truncations(const std::string& name, const Bytes& whole) {
    const std::size_t step = whole.size() / kMostOfAKind + 1;
    for (std::size_t size = 0; size < whole.size(); size += step) {
      const auto end = whole.begin() + static_cast<std::ptrdiff_t>(size);
      run(name, "cut to", size, Bytes(whole.begin(), end));
    }
  }

  // Every bit of a small file, bits anywhere of a large one.
  void run_bit_flips(const std::string& name, const Bytes& whole) {
    const std::size_t bits = whole.size() * 8;
    std::mt19937_64 random(bits);
    Bytes changed = whole;
    for (std::size_t i = 0; i < std::min(bits, kMostOfAKind); ++i) {
      const std::size_t bit = bits <= kMostOfAKind ? i : random() % bits;
      const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
      changed[bit / 8] ^= mask;
      run(name, "bit flipped", bit, changed);
      changed[bit / 8] ^= mask;
    }
  }

  std::size_t inputs_ = 0;
};

int replay(int count, char** folders) {
  if (count == 0) {
    throw std::invalid_argument("usage: <fuzz target> FOLDER...");
  }
  Replay all;
  all.run("no file", "bytes", 0, {});
  for (int i = 0; i < count; ++i) {
    all.run_folder(folders[i]);
  }
  std::printf("%zu inputs\n", all.inputs());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGABRT, tell_what_ran);
  try {
    return replay(argc - 1, argv + 1);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%sfuzz_replay: %s\n", current, problem.what());
    return 1;
  }
}
