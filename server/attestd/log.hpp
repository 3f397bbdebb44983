// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace keystone::server::attestd {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

inline constexpr std::string_view kLogLevels[] = {"debug", "info", "warning", "error"};
inline constexpr std::string_view kLogFormats[] = {"text", "json"};

using LogField = std::pair<std::string_view, std::variant<std::string, std::uint64_t>>;

// The daemon's log on standard error: one line for each event, that has its name and named values,
// as text or as one JSON object. What strangers wrote cannot begin a line or an escape sequence.
// A key, a token, a nonce or a body is never given to it.
//
// A writer never waits: lines go through a bounded queue to a thread of its own, and where whoever
// reads standard error is too slow, the oldest are lost. The record of what was decided is the
// audit log. Any thread may write.
class Log {
 public:
  static constexpr std::size_t kQueue = 8192;  // lines

  Log(LogFormat format, LogLevel least);
  ~Log();  // writes what is queued
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogLevel level, std::string_view event, const std::vector<LogField>& fields = {});

  // From the next line on.
  void set(LogFormat format, LogLevel least);

 private:
  struct Backend;
  std::unique_ptr<Backend> backend_;
};

namespace detail {

// One line, without the line feed. `time` is RFC 3339.
[[nodiscard]] std::string log_line(LogFormat format, std::string_view time, LogLevel level,
                                   std::string_view event, const std::vector<LogField>& fields);

}  // namespace detail
}  // namespace keystone::server::attestd
