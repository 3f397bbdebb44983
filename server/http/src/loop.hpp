// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/core.hpp"

#include <array>
#include <ctime>
#include <future>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace keystone::server::http {

class Connection;

// A connection that was accepted, and whose it is.
struct Accepted {
  boost::asio::ip::tcp::socket socket;  // of the loop's context; never blocks
  IpAddress address;
  std::size_t listener;  // its index
  Admission::Place place;
};

// One event loop, on a thread of its own, and the connections that live on it: all that happens to
// them happens there, but for what workers do.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  Loop(Core& core, std::shared_ptr<const Settings> settings);
  ~Loop();  // requires join(), or that start() was never called
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void start();

  // --- On any thread ---

  template <class F>
  void post(F&& action) {
    boost::asio::post(context_, std::forward<F>(action));
  }
  void adopt(Accepted accepted);
  // Returns when they hold. Not on a loop's thread.
  void apply(std::shared_ptr<const Settings> settings);

  // Closes what is idle, and at `cut_at` the rest. The future is ready when no connection is left.
  [[nodiscard]] std::future<void> stop(Time cut_at);

  // Lets the thread end, and waits for it.
  void join();

  // --- On its own thread ---

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] Core& core() { return core_; }
  [[nodiscard]] const Settings& settings() const { return *settings_; }
  [[nodiscard]] bool is_stopping() const { return is_stopping_; }
  [[nodiscard]] std::span<char> scratch() { return scratch_; }  // to read into; valid for one step
  [[nodiscard]] std::string_view date();                        // of now, for a head
  [[nodiscard]] std::string new_id();                           // 32 hex digits, of chance
  void forget(Connection& connection);
  void tell(const TransportEvent& event);

 private:
  static constexpr std::size_t kScratch = 32 * 1024;

  void begin(Accepted accepted);
  void schedule_tick();
  void tick();
  void begin_stop(Time cut_at);
  void check_drained();

  Core& core_;
  std::shared_ptr<const Settings> settings_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  bool is_ticking_ = false;
  std::unordered_map<const Connection*, std::shared_ptr<Connection>> connections_;
  std::array<char, kScratch> scratch_{};
  std::array<std::uint8_t, 4096> chance_{};  // for ids: the system is asked for many at once
  std::size_t chance_used_ = chance_.size();
  std::string date_;
  std::time_t date_of_ = 0;
  bool is_stopping_ = false;
  Time cut_at_ = Time::max();
  std::promise<void> drained_;
  bool is_drained_ = false;
  std::thread thread_;
};

}  // namespace keystone::server::http
