// SPDX-License-Identifier: Apache-2.0
#include "common/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace keystone::cli {
namespace {

constexpr auto kBetweenDraws = std::chrono::milliseconds(100);
constexpr std::uint64_t kBarWidth = 40;
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

}  // namespace

Progress::Progress(bool wanted) : shown_(wanted && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) {
    (void)std::fputs("\r\033[K", stderr);
  }
}

void Progress::advance(std::uint64_t bytes) {
  const std::uint64_t done = done_ += bytes;
  const std::uint64_t total = total_;
  if (!shown_ || total <= kWorthShowing) {
    return;
  }
  const std::unique_lock lock(drawing_, std::try_to_lock);
  const auto now = std::chrono::steady_clock::now();
  if (lock && now - last_ >= kBetweenDraws) {
    last_ = now;
    draw(std::min(done, total), total);
  }
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  const auto filled = static_cast<std::size_t>(kBarWidth * (done / 4096) / (total / 4096));
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  (void)std::fprintf(stderr, "\r[%s] %llu of %llu MiB", bar.c_str(),
                     static_cast<unsigned long long>(done / kMebibyte),
                     static_cast<unsigned long long>(total / kMebibyte));
  drawn_ = true;
}

}  // namespace keystone::cli
