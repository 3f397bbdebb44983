// SPDX-License-Identifier: Apache-2.0
#include "attestd/log.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace keystone::server::attestd::detail {
namespace {

std::string quoted(const std::string& text) {
  // U+FFFD for what is not UTF-8, and nothing beyond ASCII: no terminal is told what to do.
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:/@[]+,").find(c) != std::string_view::npos;
}

std::string text_value(const std::string& text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
  return plain ? text : quoted(text);
}

std::string value_of(LogFormat format, const LogField& field) {
  if (const auto* const number = std::get_if<std::uint64_t>(&field.second)) {
    return std::to_string(*number);
  }
  const auto& text = std::get<std::string>(field.second);
  return format == LogFormat::json ? quoted(text) : text_value(text);
}

}  // namespace

std::string log_line(LogFormat format, std::string_view time, LogLevel level,
                     std::string_view event, const std::vector<LogField>& fields) {
  const std::string_view word = kLogLevels[static_cast<std::size_t>(level)];
  const bool json = format == LogFormat::json;
  std::string line;
  if (json) {
    line.append(R"({"time":")").append(time).append(R"(","level":")").append(word);
    line.append(R"(","event":")").append(event).append("\"");
  } else {
    line.append(time).append(" ").append(word).append(" ").append(event);
  }
  for (const LogField& field : fields) {
    line.append(json ? ",\"" : " ").append(field.first).append(json ? "\":" : "=");
    line += value_of(format, field);
  }
  return json ? line + "}" : line;
}

}  // namespace keystone::server::attestd::detail
