// SPDX-License-Identifier: Apache-2.0
#include "session_client.hpp"

#include "device.hpp"
#include "exchange.hpp"
#include "keystone/base/base64.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace keystone::bench {
namespace {

constexpr std::uint32_t kTogether = 500;  // sessions that are opened before any is answered

const std::string kOpening =
    "POST /challenge-response/v1/newSession HTTP/1.1\r\nHost: localhost\r\n"
    "Accept: application/vnd.veraison.challenge-response-session+json\r\n"
    "Content-Length: 0\r\n\r\n";

// The request with the report for the session that was opened with that answer.
std::string evidence_for(const std::string& opened, bool fresh) {
  const auto nonce = base64::decode("nonce", std::string(between(opened, "\"nonce\":\"", '"')),
                                    base64::Form::standard);
  const auto report = report_of(nonce.value(), fresh).encode_compact();
  return "POST " + std::string(between(opened, "Location: ", '\r')) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/vnd.keystone.report\r\n"
         "Content-Length: " +
         std::to_string(report.size()) + "\r\n\r\n" + std::string(report.begin(), report.end());
}

std::uint64_t quantile(std::vector<std::uint64_t>& values, std::size_t hundredths) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * hundredths / 100);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

Outcome run_sessions(const Load& load) {
  Connections connections(load.port, load.connections);
  std::uint32_t opened = 0;
  while (opened < load.count) {
    const std::uint32_t count = std::min(kTogether, load.count - opened);
    const auto sessions = connections.ask_all(std::vector<std::string>(count, kOpening), "201");
    std::vector<std::string> evidence;
    for (std::uint32_t i = 0; i < count; i += load.every) {
      evidence.push_back(evidence_for(sessions[i], load.fresh));
    }
    (void)connections.ask_all(evidence, "200");
    opened += count;
  }
  return {true, opened, quantile(connections.latencies(), 50),
          quantile(connections.latencies(), 99)};
}

}  // namespace keystone::bench
