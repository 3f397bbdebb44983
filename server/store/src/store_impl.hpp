// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "readers.hpp"
#include "readiness.hpp"
#include "rows.hpp"
#include "store/store.hpp"
#include "writer.hpp"

#include <atomic>

namespace keystone::server {

// The members of Store are written by concern: each store_*.cpp has the SQL of its tables.
class Store::Impl {
 public:
  Impl(const std::shared_ptr<DatabaseSource>& source, std::size_t readers,
       std::unique_ptr<Database> database)
      : writer(std::move(database)), reader(source, readers) {}

  Writer writer;
  Readers reader;
  Readiness readiness;
  std::atomic<std::uint64_t> settlements = 0;
};

}  // namespace keystone::server
