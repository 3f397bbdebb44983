// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/commands.hpp"

#include <chrono>

int main(int argc, char** argv) {
  // The one place where the clock is asked.
  const auto clock = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return keystone::cli::attest::run_attest(argc, argv, clock);
}
