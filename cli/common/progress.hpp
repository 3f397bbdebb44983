// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace keystone::cli {

// A progress bar on standard error for work that takes a while: drawn only for more than 64 MiB,
// only on a terminal, and only if it is wanted. Any number of threads may report.
class Progress {
 public:
  static constexpr std::uint64_t kWorthShowing = std::uint64_t{64} << 20U;  // bytes

  explicit Progress(bool wanted);
  ~Progress();  // wipes the bar, so that what follows starts on a clean line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // More bytes to come. The bar shows once their sum is worth it.
  void expect(std::uint64_t bytes) { total_ += bytes; }

  // Some of them are done.
  void advance(std::uint64_t bytes);

 private:
  void draw(std::uint64_t done, std::uint64_t total);

  const bool shown_;
  std::atomic<std::uint64_t> total_{0};
  std::atomic<std::uint64_t> done_{0};
  std::mutex drawing_;
  std::chrono::steady_clock::time_point last_{};
  bool drawn_ = false;
};

// The same for steps that are few and slow, and known in number: drawn from the first on, and,
// where standard error is no terminal, a line every ten seconds.
class CountedProgress {
 public:
  // `unit`: of what there are many.
  CountedProgress(bool wanted, std::string unit);
  ~CountedProgress();
  CountedProgress(const CountedProgress&) = delete;
  CountedProgress& operator=(const CountedProgress&) = delete;

  void show(std::uint64_t done, std::uint64_t total);

 private:
  const bool wanted_;
  const bool shown_;
  const std::string unit_;
  std::chrono::steady_clock::time_point last_{};
  bool drawn_ = false;
};

}  // namespace keystone::cli
