// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support.hpp"

#include <stdexcept>
#include <string>
#include <vector>

// A report in JSON to be damaged, and what becomes of it.
namespace keystone::testing {

inline std::string sample_json(std::size_t data_size = 32) {
  return sample_report(data_size).encode_json();
}

// The sample with `from`, which must be there once, replaced.
inline std::string with(std::string_view from, std::string_view to) {
  std::string text = sample_json();
  const auto at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::invalid_argument("not there once: " + std::string(from));
  }
  return text.replace(at, from.size(), to);
}

inline Result<Report> parse_json(std::string_view text) {
  return parse_as(ReportFormat::json, view_of(text));
}

// Whether the text is refused with `fact`, also where its form is not insisted on.
inline ::testing::AssertionResult refused(std::string_view text, std::string_view fact) {
  const auto found_out = Report::parse(view_of(text));
  if (found_out) {
    return ::testing::AssertionFailure() << "accepted when found out";
  }
  return fails_with(parse_json(text), ErrorCode::malformed, fact);
}

inline std::string repeated(std::string_view unit, std::size_t times) {
  const std::size_t size = unit.size() * times;
  std::string text(unit);
  while (text.size() < size) {
    text += text;
  }
  text.resize(size);
  return text;
}

// A member of the sample: where it is, its key, and its text with key, quotes and value.
struct Member {
  std::string path;
  std::string text;
};

inline std::vector<Member> members() {
  const Report report = sample_report(32);
  const auto member = [](std::string path, std::string_view key, const std::string& value) {
    return Member{std::move(path), "\"" + std::string(key) + "\": \"" + value + "\""};
  };
  return {member("device_pubkey", "device_pubkey", report.claimed_device_key().hex()),
          member("enclave.data", "data", hex::encode(report.data())),
          member("enclave.hash", "hash", report.enclave_hash().hex()),
          member("enclave.signature", "signature", report.enclave_signature().hex()),
          member("security_monitor.hash", "hash", report.sm_hash().hex()),
          member("security_monitor.pubkey", "pubkey", report.sm_public_key().hex()),
          member("security_monitor.signature", "signature", report.sm_signature().hex())};
}

}  // namespace keystone::testing
