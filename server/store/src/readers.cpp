// SPDX-License-Identifier: Apache-2.0
#include "readers.hpp"

#include <algorithm>

namespace keystone::server {

// A connection that goes back when this does.
class Readers::Borrowed {
 public:
  explicit Borrowed(Readers& readers) : readers_(readers) {
    std::unique_lock lock(readers_.mutex_);
    readers_.returned_.wait(lock, [&] { return !readers_.free_.empty(); });
    database = std::move(readers_.free_.back());
    readers_.free_.pop_back();
  }
  ~Borrowed() {
    {
      const std::lock_guard lock(readers_.mutex_);
      // There is room: it came from there.
      readers_.free_.push_back(std::move(database));
    }
    readers_.returned_.notify_one();
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  std::unique_ptr<Database> database;

 private:
  Readers& readers_;
};

Readers::Readers(std::shared_ptr<DatabaseSource> source, std::size_t most)
    : source_(std::move(source)), free_(std::max<std::size_t>(1, most)) {}

Result<Rows> Readers::run_all(const std::string& sql, std::span<const Value> values) {
  Borrowed borrowed(*this);
  if (borrowed.database == nullptr) {
    KEYSTONE_TRY(borrowed.database, source_->connect());
  }
  return borrowed.database->run(sql, values);
}

}  // namespace keystone::server
