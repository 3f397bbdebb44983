// SPDX-License-Identifier: Apache-2.0
// Starts a PostgreSQL server for tests that are not in C++, prints its connection string, and stops
// it when standard input ends.
#include "postgres_server.hpp"

#include <cstdio>
#include <exception>

int main() {
  try {
    const keystone::testing::PostgresServer server;
    std::printf("%s\n", server.conninfo().c_str());
    (void)std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "postgres_for_tests: %s\n", problem.what());
    return 1;
  }
}
