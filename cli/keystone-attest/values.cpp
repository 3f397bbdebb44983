// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/values.hpp"

#include "keystone/base/suggest.hpp"

#include <array>

namespace keystone::cli::attest {

Result<std::vector<std::uint8_t>> hex_bytes(std::string_view option, std::string_view text) {
  return as_usage(hex::decode(option, text));
}

Result<std::optional<Instant>> instant_if_given(std::string_view option, std::string_view text) {
  if (text.empty()) {
    return std::optional<Instant>();
  }
  KEYSTONE_TRY(const auto instant, as_usage(parse_instant(option, text)));
  return std::optional(instant);
}

Result<Validity> validity(std::string_view not_before, std::string_view not_after) {
  Validity validity;
  KEYSTONE_TRY(validity.not_before, instant_if_given("--not-before", not_before));
  KEYSTONE_TRY(validity.not_after, instant_if_given("--not-after", not_after));
  if (validity.not_before && validity.not_after && *validity.not_after < *validity.not_before) {
    return usage("--not-after: got " + to_string(*validity.not_after) +
                 ", want a time that is not before --not-before");
  }
  return validity;
}

Result<ReportFormat> report_format(std::string_view option, std::string_view word) {
  constexpr std::array kFormats = {ReportFormat::fixed, ReportFormat::compact, ReportFormat::json};
  std::array<std::string_view, kFormats.size()> words;
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    words[i] = to_string(kFormats[i]);
  }
  KEYSTONE_TRY(const std::size_t index, index_of_name(option, word, words));
  return kFormats[index];
}

}  // namespace keystone::cli::attest
