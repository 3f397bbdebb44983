// SPDX-License-Identifier: Apache-2.0
#include "http/src/worker_pool.hpp"

namespace keystone::server::http {

WorkerPool::WorkerPool(std::size_t workers, std::size_t queue) : queue_(queue) {
  threads_.reserve(workers);
  for (std::size_t i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

bool WorkerPool::post(Job job) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || jobs_.size() >= queue_) {
    return false;
  }
  jobs_.push_back(std::move(job));
  wake_one();
  return true;
}

void WorkerPool::post_next_step(Job job) {
  const std::lock_guard lock(mutex_);
  if (!stopped_) {
    jobs_.push_back(std::move(job));
    wake_one();
  }
}

// To wake a thread costs more than many a job. So only one is being woken at a time, and wakes the
// next one if there is work for it.
void WorkerPool::wake_one() {
  if (idle_ > 0 && !is_waking_) {
    is_waking_ = true;
    is_work_.notify_one();
  }
}

void WorkerPool::stop() {
  std::deque<Job> dropped;  // their destructors run unlocked
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(jobs_);
  }
  is_work_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!stopped_ && jobs_.empty()) {
      ++idle_;
      is_work_.wait(lock);
      --idle_;
      is_waking_ = false;
    }
    if (stopped_) {
      return;
    }
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    if (!jobs_.empty()) {
      wake_one();
    }
    lock.unlock();
    job();
    job = nullptr;  // what it holds is not let go of under the lock
    lock.lock();
  }
}

}  // namespace keystone::server::http
