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
  bool are_enough = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(Waiting{&work, {}, {}});
    outcome = waiting_.back().outcome.get_future();
    are_enough = waiting_.size() >= wanted_;
  }
  if (are_enough) {
    changed_.notify_one();
  }
  ++writes_;
  return outcome.get();
}

void Writer::run() {
  for (Batch batch = next_batch(); !batch.empty(); batch = next_batch()) {
    const auto begun = Patience::Clock::now();
    write_batch(batch);
    const auto ended = Patience::Clock::now();
    {
      // Before anybody is answered, who might come again meanwhile and be counted twice.
      const std::lock_guard lock(mutex_);
      patience_.learn(begun, ended, batch.size(), waiting_.size());
    }
    for (Waiting& waiting : batch) {
      waiting.outcome.set_value(std::move(waiting.written));
    }
  }
}

Writer::Batch Writer::next_batch() {
  std::unique_lock lock(mutex_);
  const auto are_enough = [&] { return stopping_ || waiting_.size() >= wanted_; };
  wanted_ = patience_.company();
  (void)changed_.wait_until(lock, patience_.ends(), are_enough);
  wanted_ = 1;
  changed_.wait(lock, are_enough);
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
    waiting->written = one_by_one ? write_together(waiting, std::next(waiting)) : together;
  }
}

Status Writer::write_together(Batch::iterator first, Batch::iterator last) {
  std::uint64_t revision = 0;
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
    revision = changes.state.revision;
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
  if (committed) {
    ++transactions_;
    revision_ = revision;
  }
  return committed;
}

}  // namespace keystone::server
