// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace keystone::testing {

// A disk for SQLite that can be made to fail: while an object of this class lives, every file that
// SQLite opens in this process lies on it. One at a time.
class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // After `writes` more writes and flushes, all of them fail with an error code of SQLite's.
  void fail_after(int writes, int error);
  void heal();

  // How many writes and flushes there were since fail_after() or heal().
  [[nodiscard]] int writes() const;
};

}  // namespace keystone::testing
