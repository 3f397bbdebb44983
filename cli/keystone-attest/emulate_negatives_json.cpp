// SPDX-License-Identifier: Apache-2.0
// Text that a lenient reader takes for a JSON report, or for another one than a second reader.
#include "keystone-attest/emulate_negatives_cases.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {
namespace {

struct Row {
  std::string_view name;
  std::string_view why;
  void (*change)(std::string& text);
};

// The place of what the text has.
std::size_t find(const std::string& text, std::string_view what, std::size_t from = 0) {
  const std::size_t at = text.find(what, from);
  KEYSTONE_ASSERT(at != std::string::npos);
  return at;
}

// In the text, the first `from` becomes `to`.
void replace(std::string& text, std::string_view from, std::string_view to) {
  text.replace(find(text, from), from.size(), to);
}

constexpr std::string_view kHash = "\"hash\": \"";  // of the enclave: it comes first
constexpr std::string_view kData = "\"data\": \"";
constexpr std::string_view kLength = "\"datalen\": 32";

// The place of the first digit of the enclave hash.
std::size_t hash_at(const std::string& text) {
  return find(text, kHash) + kHash.size();
}

void to_upper(std::string& text) {
  for (std::size_t at = hash_at(text); text[at] != '"'; ++at) {
    if (text[at] >= 'a') {
      text[at] = static_cast<char>(text[at] - 'a' + 'A');
    }
  }
}

// 1025 bytes of data, and a length that says so.
void lengthen_data(std::string& text) {
  constexpr std::size_t kMore = ReportLayout::kMaxData + 1 - 32;
  text.insert(find(text, kData) + kData.size(), 2 * kMore, '0');
  replace(text, kLength, "\"datalen\": 1025");
}

// Whoever keeps the first reads another hash than whoever keeps the last.
void repeat_hash(std::string& text) {
  const std::size_t begin = find(text, kHash);
  const std::string other(2 * EnclaveHash::kSize, '0');
  text.insert(begin, std::string(kHash) + other + "\", ");
}

using Text = std::string;

constexpr Row kRows[] = {
    {"json-upper-case", "hex digits in upper case", to_upper},
    {"json-hex-prefix", "0x before the hex digits",
     [](Text& text) { text.insert(hash_at(text), "0x"); }},
    {"json-not-hex", "a letter that is no hex digit",
     [](Text& text) { text[hash_at(text)] = 'g'; }},
    {"json-half-a-byte", "an odd number of hex digits",
     [](Text& text) { text.erase(hash_at(text), 1); }},
    {"json-short-hash", "a hash of 63 bytes", [](Text& text) { text.erase(hash_at(text), 2); }},
    {"json-long-hash", "a hash of 65 bytes", [](Text& text) { text.insert(hash_at(text), "00"); }},
    {"json-null-hash", "null in place of a hash",
     [](Text& text) {
       const std::size_t begin = hash_at(text) - 1;
       text.replace(begin, find(text, "\"", begin + 1) + 1 - begin, "null");
     }},
    {"json-unknown-key", "a key that no report has",
     [](Text& text) { replace(text, kLength, "\"datalen\": 32, \"nonce\": \"\""); }},
    {"json-unknown-key-outside", "a key that no report has, beside the three parts",
     [](Text& text) { replace(text, "{", "{\"version\": 1, "); }},
    {"json-duplicate-key", "the enclave hash twice, not the same", repeat_hash},
    {"json-duplicate-key-alike", "the same key with the same value twice",
     [](Text& text) { replace(text, kLength, "\"datalen\": 32, \"datalen\": 32"); }},
    {"json-lacks-datalen", "a key is missing",
     [](Text& text) { replace(text, "\"datalen\": 32, ", ""); }},
    {"json-lacks-security-monitor", "a whole part is missing",
     [](Text& text) { text.replace(find(text, ", \"security_monitor\""), Text::npos, "}\n"); }},
    {"json-lacks-device-key", "the device key is missing",
     [](Text& text) { text.erase(1, find(text, "\"enclave\"") - 1); }},
    {"json-datalen-31", "a length that is not that of the data",
     [](Text& text) { replace(text, kLength, "\"datalen\": 31"); }},
    {"json-datalen-1025", "more data than there can be", lengthen_data},
    {"json-datalen-fraction", "a length with a fraction",
     [](Text& text) { replace(text, kLength, "\"datalen\": 32.0"); }},
    {"json-datalen-exponent", "a length with an exponent",
     [](Text& text) { replace(text, kLength, "\"datalen\": 3.2e1"); }},
    {"json-datalen-negative", "a length below zero",
     [](Text& text) { replace(text, kLength, "\"datalen\": -32"); }},
    {"json-datalen-wraps", "a length of 2^64 + 32",
     [](Text& text) { replace(text, kLength, "\"datalen\": 18446744073709551648"); }},
    {"json-datalen-text", "a length in quotes",
     [](Text& text) { replace(text, kLength, "\"datalen\": \"32\""); }},
    {"json-trailing-object", "another object behind it", [](Text& text) { text += "{}\n"; }},
    {"json-trailing-zero", "a zero byte behind it", [](Text& text) { text += '\0'; }},
    {"json-trailing-comma", "a comma behind the last member",
     [](Text& text) { replace(text, "}}", "},}"); }},
    {"json-comment", "a comment", [](Text& text) { replace(text, "{", "{/* good */ "); }},
    {"json-byte-order-mark", "a byte-order mark before it",
     [](Text& text) { text.insert(0, "\xef\xbb\xbf"); }},
    {"json-in-an-array", "an array of one report", [](Text& text) { text = "[" + text + "]"; }},
    {"json-cut", "the text breaks off", [](Text& text) { text.resize(text.size() / 2); }},
};

}  // namespace

NegativeCases json_cases(const Report& good) {
  NegativeCases cases;
  for (const Row& row : kRows) {
    std::string text = encode(good, ReportFormat::json);
    row.change(text);
    cases.push_back(
        {std::string(row.name), std::string(row.why), ReportFormat::json, std::move(text), false});
  }
  return cases;
}

}  // namespace keystone::cli::attest
