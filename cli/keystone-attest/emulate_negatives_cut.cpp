// SPDX-License-Identifier: Apache-2.0
// Binary reports that cannot be read.
#include "keystone-attest/emulate_negatives_cases.hpp"
#include "keystone-attest/report_file.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

using enum ReportFormat;
using Layout = ReportLayout;

struct Border {
  std::string_view field;  // the last that is there
  std::size_t end;         // in bytes
};

// Where the fields behind the data or its padding end.
constexpr Border kTail[] = {{"enclave-signature", Layout::kSmHash},
                            {"sm-hash", Layout::kSmPublicKey},
                            {"sm-key", Layout::kSmSignature},
                            {"sm-signature", Layout::kDeviceKey}};

NegativeCase unreadable(std::string name, std::string why, ReportFormat format,
                        std::string content) {
  return {std::move(name), std::move(why), format, std::move(content), false};
}

// The report at another length: cut, or with zeros behind it.
NegativeCase resized(std::string name, std::string why, ReportFormat format, std::string report,
                     std::size_t size) {
  report.resize(size);
  return unreadable(std::move(name), std::move(why), format, std::move(report));
}

NegativeCase cut_behind(const Border& border, ReportFormat format, const std::string& report) {
  const std::string field(border.field);
  return resized(std::string(to_string(format)) + "-cut-behind-" + field,
                 "the report ends with the field " + field, format, report, border.end);
}

// The report with another data_len.
NegativeCase with_data_len(std::string name, std::string why, ReportFormat format,
                           std::string report, std::uint64_t data_len) {
  for (unsigned i = 0; i < 8; ++i) {
    report[Layout::kDataLength + i] = static_cast<char>(data_len >> (8 * i));
  }
  return unreadable(std::move(name), std::move(why), format, std::move(report));
}

// What the monitor signed is the empty message, over which a verifier that wraps comes out.
Result<NegativeCase> wrapped(const Workshop& workshop, const Report& good) {
  constexpr std::uint64_t kWraps = 0 - std::uint64_t{Layout::kData};
  KEYSTONE_TRY(const auto booted, boot(Scene::good(workshop)));
  ReportFields fields = fields_of(good);
  KEYSTONE_TRY(fields.enclave_signature, booted.sm_key.sign({}));
  KEYSTONE_TRY(const auto report, Report::from_fields(fields));
  return with_data_len("data-len-wraps",
                       "data_len is 2^64 - 72, and the signature that of the empty message", fixed,
                       encode(report, fixed), kWraps);
}

void add_cuts(NegativeCases& cases, const std::string& padded, const std::string& bare,
              std::size_t data_size) {
  constexpr std::size_t kPadded = Layout::kData + Layout::kMaxData;
  for (const Border& border :
       {Border{"enclave-hash", Layout::kDataLength}, Border{"data-len", Layout::kData},
        Border{"data", Layout::kData + data_size}, Border{"padding", kPadded}}) {
    cases.push_back(cut_behind(border, fixed, padded));
  }
  for (const Border& border : kTail) {
    cases.push_back(cut_behind({border.field, kPadded + border.end}, fixed, padded));
  }
  for (const Border& border : kTail) {
    const std::size_t end = Layout::kData + data_size + border.end;
    cases.push_back(cut_behind({border.field, end}, compact, bare));
  }
}

}  // namespace

Result<NegativeCases> cut_cases(const Workshop& workshop, const Report& good) {
  constexpr std::size_t kEappBuffer = 2048;  // of Keystone's examples: what they send whole
  const std::string padded = encode(good, fixed);
  const std::string bare = encode(good, compact);
  const std::size_t data_size = good.data().size();
  NegativeCases cases = {unreadable("empty", "there is no byte", fixed, "")};
  add_cuts(cases, padded, bare, data_size);
  const std::string less = "the last byte is missing";
  const std::string more = "a byte too many";
  const std::size_t size = Layout::kFixedSize;
  cases.push_back(resized("fixed-lacks-a-byte", less, fixed, padded, size - 1));
  cases.push_back(resized("fixed-and-a-byte", more, fixed, padded, size + 1));
  cases.push_back(resized("fixed-in-a-buffer", "the report, and zeros up to 2048 bytes", fixed,
                          padded, kEappBuffer));
  cases.push_back(resized("compact-lacks-a-byte", less, compact, bare, bare.size() - 1));
  cases.push_back(resized("compact-and-a-byte", more, compact, bare, bare.size() + 1));
  cases.push_back(with_data_len("data-len-1025", "data_len is one more than there can be", fixed,
                                padded, Layout::kMaxData + 1));
  cases.push_back(with_data_len("compact-data-len-too-small", "data_len is one less than the data",
                                compact, bare, data_size - 1));
  cases.push_back(with_data_len("compact-data-len-too-large", "data_len is one more than the data",
                                compact, bare, data_size + 1));
  KEYSTONE_TRY(auto last, wrapped(workshop, good));
  cases.push_back(std::move(last));
  return cases;
}

}  // namespace keystone::cli::attest
