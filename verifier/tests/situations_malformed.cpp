// SPDX-License-Identifier: Apache-2.0
// What cannot be read has no verdict.
#include "keystone/base/assert.hpp"
#include "situation_maker.hpp"

namespace keystone::testing {
namespace {

void add_malformed_file(Situations& all, const std::string& name, ReportFormat format,
                        const std::function<void(Bytes&)>& tamper) {
  all.add(name, [&](Draft& it) {
    it.format = format;
    it.tamper = tamper;
    it.is_malformed();
  });
}

void add_resized(Situations& all, const std::string& name, ReportFormat format, std::size_t size) {
  add_malformed_file(all, name, format, [size](Bytes& file) { file.resize(size); });
}

void set_data_length(Bytes& file, std::uint64_t length) {
  for (unsigned i = 0; i < 8; ++i) {
    file[ReportLayout::kDataLength + i] = static_cast<std::uint8_t>(length >> (8 * i));
  }
}

// In the text of a JSON report, the first `from` becomes `to`.
void add_altered_text(Situations& all, const std::string& name, const std::string& from,
                      const std::string& to) {
  add_malformed_file(all, name, ReportFormat::json, [=](Bytes& file) {
    std::string text(file.begin(), file.end());
    const auto at = text.find(from);
    KEYSTONE_ASSERT(at != std::string::npos);
    text.replace(at, from.size(), to);
    file.assign(text.begin(), text.end());
  });
}

// The place of the first of a to f in the first hash.
std::size_t first_letter_of_hex(const Bytes& file) {
  constexpr std::string_view kBefore = "\"hash\": \"";
  const std::string text(file.begin(), file.end());
  return text.find_first_of("abcdef", text.find(kBefore) + kBefore.size());
}

void add_cuts(Situations& all) {
  using enum ReportFormat;
  add_resized(all, "the-file-is-empty", fixed, 0);
  add_resized(all, "the-report-ends-with-the-enclave-hash", fixed, 64);
  add_resized(all, "the-report-ends-with-data-len", fixed, 72);
  add_resized(all, "the-report-ends-with-the-data", fixed, 104);
  add_resized(all, "the-report-ends-with-the-padding", fixed, 1096);
  add_resized(all, "the-report-ends-with-the-enclave-signature", fixed, 1160);
  add_resized(all, "the-report-ends-with-the-sm-hash", fixed, 1224);
  add_resized(all, "the-report-ends-with-the-sm-key", fixed, 1256);
  add_resized(all, "the-report-ends-with-the-sm-signature", fixed, 1320);
  add_resized(all, "the-report-lacks-its-last-byte", fixed, 1351);
  add_resized(all, "the-report-has-a-byte-too-many", fixed, 1353);
  add_resized(all, "the-report-lies-in-a-buffer-of-2048-bytes", fixed, 2048);
  add_resized(all, "the-compact-report-lacks-its-device-key", compact, 328);
  add_resized(all, "the-compact-report-has-a-byte-too-many", compact, 361);
  add_resized(all, "the-json-report-breaks-off", json, 500);
}

}  // namespace

void add_malformed(Situations& all) {
  add_cuts(all);
  const auto with_length = [](std::uint64_t length) {
    return [length](Bytes& file) { set_data_length(file, length); };
  };
  all.add("data-len-of-1024-was-made-1025", [&](Draft& it) {
    it.data.assign(ReportLayout::kMaxData, 0xa5);
    it.ask("data", it.data);
    it.tamper = with_length(1025);
    it.is_malformed();
  });
  add_malformed_file(all, "data-len-wraps-around-the-message", ReportFormat::fixed,
                     with_length(~std::uint64_t{71}));
  add_malformed_file(all, "data-len-of-a-compact-report-is-one-less", ReportFormat::compact,
                     with_length(31));
  add_altered_text(all, "the-json-report-lacks-a-field", "\"datalen\": 32, ", "");
  add_altered_text(all, "the-json-report-has-a-field-twice", "\"datalen\": 32",
                   "\"datalen\": 32, \"datalen\": 32");
  add_altered_text(all, "the-json-report-has-an-unknown-field", "\"datalen\": 32",
                   "\"datalen\": 32, \"nonce\": \"\"");
  add_altered_text(all, "the-json-report-has-a-datalen-with-a-fraction", "\"datalen\": 32",
                   "\"datalen\": 32.0");
  add_altered_text(all, "the-json-report-has-another-datalen-than-data", "\"datalen\": 32",
                   "\"datalen\": 31");
  add_malformed_file(all, "the-json-report-has-upper-case-hex", ReportFormat::json,
                     [](Bytes& file) { file[first_letter_of_hex(file)] -= 'a' - 'A'; });
  add_altered_text(all, "the-json-report-has-more-behind-it", "}}\n", "}}\n{}\n");
  add_altered_text(all, "the-json-report-starts-with-a-byte-order-mark", "{", "\xef\xbb\xbf{");
}

}  // namespace keystone::testing
