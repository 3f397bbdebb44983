// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "changes.hpp"
#include "patience.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace keystone::server {

// Group commit: one thread writes for all that wait, those that wait together in one transaction,
// which costs one flush of the disk. Under load it has patience with those who were just answered.
class Writer {
 public:
  // What is to be written, or an Error, after which nothing of it is. It may be run more than once;
  // only the last run counts.
  using Work = std::function<Status(Changes&)>;

  explicit Writer(std::unique_ptr<Database> database);
  // Nobody waits any more.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Returns when `work` is durable.
  [[nodiscard]] Status write(const Work& work);

  // The same for work that answers something: a `Result<T>`.
  template <class T, class AnsweringWork>
  [[nodiscard]] Result<T> ask(const AnsweringWork& work) {
    std::optional<T> answer;
    const auto write_and_keep = [&](Changes& changes) -> Status {
      Result<T> answered = work(changes);
      if (!answered) {
        return fail(std::move(answered).error());
      }
      answer.emplace(*std::move(answered));
      return {};
    };
    KEYSTONE_CHECK_OK(write(write_and_keep));
    return *std::move(answer);
  }

  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] std::uint64_t transactions() const { return transactions_; }
  // Of the documents, as the last transaction had it; 0 before any.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

 private:
  struct Waiting {
    const Work* work;
    Status written;
    std::promise<Status> outcome;
  };
  using Batch = std::deque<Waiting>;

  void run();
  [[nodiscard]] Batch next_batch();
  void write_batch(Batch& batch);
  [[nodiscard]] Status write_together(Batch::iterator first, Batch::iterator last);

  std::unique_ptr<Database> database_;  // of the thread alone
  Patience patience_;                   // likewise
  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  std::size_t wanted_ = 1;  // the thread is to be woken when so many wait
  bool stopping_ = false;
  std::atomic<std::uint64_t> writes_ = 0;
  std::atomic<std::uint64_t> transactions_ = 0;
  std::atomic<std::uint64_t> revision_ = 0;
  std::thread thread_;
};

}  // namespace keystone::server
