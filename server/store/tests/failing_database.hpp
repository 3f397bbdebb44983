// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

#include <atomic>
#include <optional>

namespace keystone::server {

// When databases fail, and with what: shared by a test and the databases it made to fail.
struct Faults {
  std::atomic<int> calls = 0;              // so far
  std::atomic<int> fail_from = -1;         // the call from which on all fail; -1: none
  std::atomic<bool> after_commit = false;  // commit() does its work before it fails
  ErrorCode code = ErrorCode::unreachable;
};

// A database that does what another does, until it is told to fail.
class FailingDatabase final : public Database {
 public:
  FailingDatabase(std::unique_ptr<Database> real, std::shared_ptr<Faults> faults)
      : real_(std::move(real)), faults_(std::move(faults)) {}

  Dialect dialect() const override { return real_->dialect(); }
  Status begin(Purpose purpose) override { return fails() ? fault() : real_->begin(purpose); }
  Status commit() override {
    if (!fails()) {
      return real_->commit();
    }
    if (faults_->after_commit) {
      (void)real_->commit();
    } else {
      real_->roll_back();
    }
    return fault();
  }
  void roll_back() override { real_->roll_back(); }
  Result<Rows> run(const std::string& sql, std::span<const Value> parameters) override {
    if (fails()) {
      return fail(faults_->code, "store: told to fail");
    }
    return real_->run(sql, parameters);
  }

 private:
  bool fails() {
    const int call = faults_->calls++;
    return faults_->fail_from >= 0 && call >= faults_->fail_from;
  }
  Status fault() { return fail(faults_->code, "store: told to fail"); }

  std::unique_ptr<Database> real_;
  std::shared_ptr<Faults> faults_;
};

class FailingSource final : public DatabaseSource {
 public:
  FailingSource(std::shared_ptr<DatabaseSource> real, std::shared_ptr<Faults> faults)
      : real_(std::move(real)), faults_(std::move(faults)) {}

  Result<std::unique_ptr<Database>> connect() override {
    KEYSTONE_TRY(auto real, real_->connect());
    return Result<std::unique_ptr<Database>>(
        std::make_unique<FailingDatabase>(std::move(real), faults_));
  }

 private:
  std::shared_ptr<DatabaseSource> real_;
  std::shared_ptr<Faults> faults_;
};

}  // namespace keystone::server
