// SPDX-License-Identifier: Apache-2.0
#include "writer.hpp"

#include <exception>
#include <iterator>

namespace keystone::server {
namespace {

// Bounds the time for which a transaction holds the lock.
constexpr std::size_t kMostTogether = 256;

// What any other work would meet as well.
bool concerns_all(const Error& error) {
  return error.code == ErrorCode::unreachable || error.code == ErrorCode::unwritable;
}

}  // namespace

Writer::Writer(std::unique_ptr<Database> database)
    : database_(std::move(database)), thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Status Writer::write(const Work& work) {
  std::future<Status> outcome;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(Waiting{&work, {}});
    outcome = waiting_.back().outcome.get_future();
  }
  changed_.notify_one();
  ++writes_;
  return outcome.get();
}

void Writer::run() {
  for (Batch batch = next_batch(); !batch.empty(); batch = next_batch()) {
    write_batch(batch);
  }
}

Writer::Batch Writer::next_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  Batch batch;
  while (!waiting_.empty() && batch.size() < kMostTogether) {
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void Writer::write_batch(Batch& batch) {
  const Status together = write_together(batch.begin(), batch.end());
  // Where one of several cannot be written, the others shall not suffer.
  const bool one_by_one = !together && !concerns_all(together.error()) && batch.size() > 1;
  for (auto waiting = batch.begin(); waiting != batch.end(); ++waiting) {
    waiting->outcome.set_value(one_by_one ? write_together(waiting, std::next(waiting)) : together);
  }
}

Status Writer::write_together(Batch::iterator first, Batch::iterator last) {
  const auto write_all = [&]() -> Status {
    KEYSTONE_CHECK_OK(database_->begin(Database::Purpose::write));
    KEYSTONE_TRY(const StoreState before, lock_state(*database_));
    Changes changes{*database_, before};
    for (auto waiting = first; waiting != last; ++waiting) {
      KEYSTONE_CHECK_OK((*waiting->work)(changes));
    }
    if (changes.state != before) {
      KEYSTONE_CHECK_OK(save_state(*database_, changes.state));
    }
    return {};
  };
  Status written;
  try {
    written = write_all();
  } catch (const std::exception& error) {
    written = fail(ErrorCode::internal, std::string("store: ") + error.what());
  }
  if (!written) {
    database_->roll_back();
    return written;
  }
  Status committed = database_->commit();
  transactions_ += committed ? 1 : 0;
  return committed;
}

}  // namespace keystone::server
