// SPDX-License-Identifier: Apache-2.0
#include "common/console.hpp"
#include "common/text_table.hpp"
#include "keystone-measure/explain_render.hpp"
#include "keystone/base/number.hpp"

namespace keystone::cli {
namespace {

// What a range holds, for people: `eapp.elf 0x1000, 4100 bytes, segment 1, .text; then zeros`.
std::string source_of(const MeasuredRange& range) {
  switch (range.zeros) {
    case Zeros::stack:
      return "zeros: stack";
    case Zeros::untrusted:
      return "zeros: untrusted buffer";
    case Zeros::bss:
      return "zeros: not in the file";
    case Zeros::none:
    case Zeros::padding:
      break;
  }
  std::string text =
      range.zeros_before == 0 ? "" : "zeros, " + std::to_string(range.zeros_before) + " bytes; ";
  text += "file " + to_hex_number(range.file_offset) + ", " + std::to_string(range.file_bytes) +
          " bytes";
  return range.zeros == Zeros::padding ? text + "; zeros" : text;
}

std::string segment_of(const MeasuredRange& range) {
  return range.segment ? std::to_string(*range.segment) : "-";
}

std::string sections_of(const MeasuredRange& range) {
  const bool is_bss = range.zeros == Zeros::bss && range.sections.empty();
  return range.sections.empty() ? (is_bss ? "(bss)" : "-") : one_line(range.sections);
}

std::string ranges_table(const Explanation& explanation, Scheme scheme) {
  TextTable table({scheme == Scheme::page_walk ? "ADDRESS" : "OFFSET", "SIZE", "PART", "SEGMENT",
                   "SECTIONS", "SOURCE"});
  for (const MeasuredRange& range : explanation.ranges) {
    const bool goes_on = scheme == Scheme::page_walk && !range.starts_run;
    table.add({(goes_on ? "+ " : "") + to_hex_number(range.address), std::to_string(range.size),
               std::string(range.role), segment_of(range), sections_of(range), source_of(range)});
  }
  return table.text();
}

std::string pages_table(const Explanation& explanation) {
  TextTable table({"PAGE", "PART", "SHA-256", "SYMBOL"});
  for (const MeasuredPage& page : explanation.pages) {
    table.add({to_hex_number(page.address), std::string(explanation.ranges[page.range].role),
               page.sha256.hex(), page.symbol.empty() ? "-" : one_line(page.symbol)});
  }
  return table.text();
}

std::string words_table(const Explanation& explanation) {
  TextTable table({"NUMBER", "VALUE"});
  for (const MeasuredWord& word : explanation.words) {
    table.add({std::string(word.name), to_hex_number(word.value)});
  }
  return table.text();
}

std::uint64_t measured_bytes(const Explanation& explanation) {
  std::uint64_t bytes = 0;
  for (const MeasuredRange& range : explanation.ranges) {
    bytes += range.size;
  }
  return bytes;
}

}  // namespace

std::string explain_text(const ExplainedEnclave& enclave) {
  const Explanation& explanation = enclave.explanation;
  const ProfileInfo& profile = info(explanation.measurement.profile);
  std::string text = "profile  " + std::string(profile.name) + "\nhash     " +
                     explanation.measurement.hash.hex() + "\n";
  for (const InputRecord& input : enclave.record.inputs) {
    text += input.role + std::string(9 - input.role.size(), ' ') + one_line(input.path) + ", " +
            std::to_string(input.taken) + " of " + std::to_string(input.size) + " bytes\n";
  }
  text += "\nMeasured first, as numbers of " + std::to_string(size_of(profile.word)) +
          " bytes each\n" + words_table(explanation);
  text += "\nThen " + std::to_string(measured_bytes(explanation)) + " bytes of memory in " +
          std::to_string(explanation.ranges.size()) + " ranges\n" +
          ranges_table(explanation, profile.scheme);
  if (profile.scheme == Scheme::page_walk) {
    text += "  + goes on where the range above ends: its address is not measured\n";
  }
  if (!explanation.pages.empty()) {
    text += "\nPage by page\n" + pages_table(explanation);
  }
  text += "\nNot measured\n";
  for (const std::string_view sentence : not_measured(profile.profile)) {
    text += "  " + std::string(sentence) + "\n";
  }
  return text;
}

}  // namespace keystone::cli
