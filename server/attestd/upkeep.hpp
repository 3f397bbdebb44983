// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/checkpoint.hpp"
#include "attestd/config.hpp"
#include "attestd/key_ring.hpp"
#include "attestd/log.hpp"
#include "store/store.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace keystone::server::attestd {

// What is done beside answering, in a thread of its own: forgets what has expired, looks after the
// keys and publishes them, signs checkpoints, removes what is kept no longer. What fails is logged,
// and tried again the next time: the store may be away.
class Upkeep {
 public:
  struct Options {
    std::string node;
    KeyOptions keys;
    UpkeepOptions upkeep;
    std::chrono::seconds result_lifetime;
  };
  [[nodiscard]] static Options options_of(const Config& config);

  // `log` must outlive it.
  Upkeep(std::shared_ptr<Store> store, std::shared_ptr<KeyRing> ring, KeyRing::Clock clock,
         Log& log, Options options);
  ~Upkeep();  // as stop()
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // Publishes the keys; to be called before anything is signed. Fails as the store does.
  [[nodiscard]] Status publish_keys();

  // Starts the thread.
  void start();

  // Takes other options, and does everything at once.
  void reload(Options options);

  // Ends the thread, after the step that it is at, and signs a last checkpoint.
  void stop();

  // One round, as the thread does it: of checkpoints and published keys, what is due.
  void run_once();

 private:
  void run();
  [[nodiscard]] Options options() const;
  [[nodiscard]] bool stopping() const;
  [[nodiscard]] Status look_after_keys();
  [[nodiscard]] Status expire();
  [[nodiscard]] Status checkpoint();
  [[nodiscard]] Status prune();
  void report(const char* step, const Status& status);

  std::shared_ptr<Store> store_;
  std::shared_ptr<KeyRing> ring_;
  KeyRing::Clock clock_;
  Log& log_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Options options_;
  bool due_ = false;  // at once, whatever the time
  bool stop_ = false;

  std::mutex working_;  // of those that follow
  Instant next_checkpoint_ = Instant::min();
  Instant next_publication_ = Instant::min();

  std::thread thread_;
};

}  // namespace keystone::server::attestd
