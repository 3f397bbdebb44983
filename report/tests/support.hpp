// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/report/report.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/vectors.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace keystone::testing {

inline constexpr ReportFormat kFormats[] = {ReportFormat::fixed, ReportFormat::compact,
                                            ReportFormat::json};

inline Bytes noise(std::mt19937_64& random, std::size_t size) {
  Bytes bytes(size);
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

template <class Field>
Field random_field(std::mt19937_64& random) {
  return Field::from("field", noise(random, Field::kSize)).value();
}

inline ReportFields random_fields(std::mt19937_64& random, std::size_t data_size) {
  return {random_field<EnclaveHash>(random),    noise(random, data_size),
          random_field<Signature>(random),      random_field<SmHash>(random),
          random_field<SmPublicKey>(random),    random_field<Signature>(random),
          random_field<DevicePublicKey>(random)};
}

// A report with this much data, the same in every call.
inline Report sample_report(std::size_t data_size) {
  std::mt19937_64 random(data_size);
  return Report::from_fields(random_fields(random, data_size)).value();
}

inline Bytes as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline Bytes copy_of(ByteView view) {
  return {view.begin(), view.end()};
}

inline Bytes encoded(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::fixed:
      return report.encode_fixed();
    case ReportFormat::compact:
      return report.encode_compact();
    case ReportFormat::json:
      return as_bytes(report.encode_json());
  }
  throw std::logic_error("no such format");
}

inline Result<Report> parse_as(ReportFormat format, ByteView input, bool allow_trailing = false) {
  return Report::parse(input, {format, allow_trailing});
}

inline Bytes with_data_length(Bytes report, std::uint64_t length) {
  for (std::size_t i = 0; i < 8; ++i) {
    report.at(64 + i) = static_cast<std::uint8_t>(length >> 8 * i);
  }
  return report;
}

// Whether two reports say the same, in whatever form they came.
inline ::testing::AssertionResult same_fields(const Report& a, const Report& b) {
  const auto differ = [](const char* what) { return ::testing::AssertionFailure() << what; };
  if (a.enclave_hash() != b.enclave_hash()) {
    return differ("enclave hash");
  }
  if (copy_of(a.data()) != copy_of(b.data())) {
    return differ("data");
  }
  if (a.enclave_signature() != b.enclave_signature()) {
    return differ("enclave signature");
  }
  if (a.sm_hash() != b.sm_hash() || a.sm_public_key() != b.sm_public_key()) {
    return differ("sm hash or key");
  }
  if (a.sm_signature() != b.sm_signature()) {
    return differ("sm signature");
  }
  if (a.claimed_device_key() != b.claimed_device_key()) {
    return differ("device key");
  }
  return ::testing::AssertionSuccess();
}

}  // namespace keystone::testing
