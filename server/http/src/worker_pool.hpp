// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace keystone::server::http {

// Threads that run what may block, and a bounded queue before them.
class WorkerPool {
 public:
  using Job = std::function<void()>;  // throws nothing

  WorkerPool(std::size_t workers, std::size_t queue);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs the job on a worker, some time. False: too many wait already, and it will not run.
  [[nodiscard]] bool post(Job job);

  // The same for the next step of a job that was let in: its place was never given away.
  void post_next_step(Job job);

  // Drops what waits, and returns when what runs has ended. Jobs posted later are dropped, too.
  void stop();

 private:
  void work();
  void wake_one();

  std::mutex mutex_;
  std::condition_variable is_work_;
  std::deque<Job> jobs_;
  std::size_t queue_;
  bool stopped_ = false;
  std::size_t idle_ = 0;    // workers that wait
  bool is_waking_ = false;  // one of them, who has not come yet
  std::vector<std::thread> threads_;
};

}  // namespace keystone::server::http
