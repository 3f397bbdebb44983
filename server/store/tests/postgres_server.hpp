// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/testing/files.hpp"

#include <string>

#include <sys/types.h>

namespace keystone::testing {

// A PostgreSQL server of the test's own: its data in a temporary folder, reached through a socket
// in there. Ends with this object, or with the thread that started it, however that ends. Where the
// test runs as root, the server, which refuses to, runs as the user `postgres`. What cannot be done
// throws, and so fails the test.
class PostgresServer {
 public:
  enum class Disk { flushed, not_flushed };  // not_flushed: for tests that do not kill the server

  explicit PostgresServer(Disk disk = Disk::not_flushed);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // One for the whole program, started when it is first asked for.
  static PostgresServer& shared();

  // libpq's connection string for its superuser.
  [[nodiscard]] std::string conninfo() const;

  // The same, with all tables in a new schema: as good as a new database.
  [[nodiscard]] std::string conninfo_of_new_schema();

  void start();
  // Breaks off what runs.
  void stop();

 private:
  TemporaryFolder folder_;
  Disk disk_;
  pid_t pid_ = -1;
  unsigned schemas_ = 0;
};

}  // namespace keystone::testing
