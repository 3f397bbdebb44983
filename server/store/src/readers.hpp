// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

#include <array>
#include <condition_variable>
#include <mutex>

namespace keystone::server {

// Connections for reading, opened as they are needed; who finds none free waits for one. Calls may
// come from any thread.
class Readers {
 public:
  // At most `most` connections, at least one.
  Readers(std::shared_ptr<DatabaseSource> source, std::size_t most);

  template <class... Values>
  [[nodiscard]] Result<Rows> run(const std::string& sql, Values&&... values) {
    return run_all(sql, std::array<Value, sizeof...(values)>{std::forward<Values>(values)...});
  }
  [[nodiscard]] Result<Rows> run_all(const std::string& sql, std::span<const Value> values);

 private:
  class Borrowed;

  const std::shared_ptr<DatabaseSource> source_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Database>> free_;  // null: one that may be opened
};

}  // namespace keystone::server
