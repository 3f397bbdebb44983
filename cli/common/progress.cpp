// SPDX-License-Identifier: Apache-2.0
#include "common/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace keystone::cli {
namespace {

constexpr auto kBetweenDraws = std::chrono::milliseconds(100);
constexpr auto kBetweenLines = std::chrono::seconds(10);
constexpr std::uint64_t kBarWidth = 40;
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

bool can_show(bool wanted) {
  return wanted && ::isatty(STDERR_FILENO) == 1;
}

void draw_bar(std::uint64_t filled, std::uint64_t done, std::uint64_t total,
              const std::string& unit) {
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  (void)std::fprintf(stderr, "\r[%s] %llu of %llu %s", bar.c_str(),
                     static_cast<unsigned long long>(done), static_cast<unsigned long long>(total),
                     unit.c_str());
}

void wipe_bar() {
  (void)std::fputs("\r\033[K", stderr);
}

}  // namespace

Progress::Progress(bool wanted) : shown_(can_show(wanted)) {}

Progress::~Progress() {
  if (drawn_) {
    wipe_bar();
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
  draw_bar(kBarWidth * (done / 4096) / (total / 4096), done / kMebibyte, total / kMebibyte, "MiB");
  drawn_ = true;
}

CountedProgress::CountedProgress(bool wanted, std::string unit)
    : wanted_(wanted),
      shown_(can_show(wanted)),
      unit_(std::move(unit)),
      last_(std::chrono::steady_clock::now()) {}

CountedProgress::~CountedProgress() {
  if (drawn_) {
    wipe_bar();
  }
}

void CountedProgress::show(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_due =
      shown_ ? !drawn_ || now - last_ >= kBetweenDraws : wanted_ && now - last_ >= kBetweenLines;
  if (!is_due || total == 0 || done > total) {
    return;
  }
  last_ = now;
  if (shown_) {
    draw_bar(kBarWidth * done / total, done, total, unit_);
    drawn_ = true;
  } else {
    (void)std::fprintf(stderr, "%llu of %llu %s\n", static_cast<unsigned long long>(done),
                       static_cast<unsigned long long>(total), unit_.c_str());
  }
}

}  // namespace keystone::cli
