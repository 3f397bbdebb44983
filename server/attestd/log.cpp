// SPDX-License-Identifier: Apache-2.0
#include "attestd/log.hpp"

#include "keystone/base/instant.hpp"

#include <atomic>
#include <chrono>

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace keystone::server::attestd {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                   spdlog::level::warn, spdlog::level::err};
  return kLevels[static_cast<std::size_t>(level)];
}

// RFC 3339 in UTC with milliseconds.
std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto rest = std::chrono::floor<std::chrono::milliseconds>(now - seconds).count();
  std::string text = to_string(seconds);
  text.back() = '.';  // in the place of the Z
  const std::string digits = std::to_string(1000 + rest);
  return text + digits.substr(1) + "Z";
}

}  // namespace

struct Log::Backend {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
  std::atomic<LogFormat> format;
};

Log::Log(LogFormat format, LogLevel least) : backend_(std::make_unique<Backend>()) {
  backend_->pool = std::make_shared<spdlog::details::thread_pool>(kQueue, 1);
  backend_->logger = std::make_shared<spdlog::async_logger>(
      "keystone-attestd", std::make_shared<spdlog::sinks::stderr_sink_mt>(), backend_->pool,
      spdlog::async_overflow_policy::overrun_oldest);
  backend_->logger->set_pattern("%v");
  // Standard error is all there is to tell of errors of standard error.
  backend_->logger->set_error_handler([](const std::string&) {});
  set(format, least);
}

Log::~Log() {
  // The pool's thread ends when the queue is empty.
  backend_->logger.reset();
}

void Log::write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
  const auto at = level_of(level);
  if (backend_->logger->should_log(at)) {
    const std::string line = detail::log_line(backend_->format, time_now(), level, event, fields);
    backend_->logger->log(at, spdlog::string_view_t(line.data(), line.size()));
  }
}

void Log::set(LogFormat format, LogLevel least) {
  backend_->format = format;
  backend_->logger->set_level(level_of(least));
}

}  // namespace keystone::server::attestd
