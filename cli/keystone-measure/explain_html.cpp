// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/explain_html_assets.hpp"
#include "keystone-measure/explain_render.hpp"
#include "keystone-measure/memory_map_svg.hpp"
#include "keystone-measure/memory_map_text.hpp"
#include "keystone-measure/transcript.hpp"
#include "keystone/base/number.hpp"

#include <array>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

// What may stand in an element <script type="application/json">, which ends at its end tag
// wherever that is: JSON in ASCII, without the characters of tags.
std::string script_json(const nlohmann::ordered_json& json) {
  std::string out;
  for (const char c : json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)) {
    const bool is_of_tags = c == '<' || c == '>' || c == '&';
    out += is_of_tags ? "\\u00" + hex::encode(std::array{static_cast<std::uint8_t>(c)})
                      : std::string(1, c);
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  return "<" + tag + ">" + markup(text) + "</" + tag + ">";
}

std::string row(std::string_view cell, std::initializer_list<std::string_view> texts) {
  std::string cells;
  for (const std::string_view text : texts) {
    cells += element(cell, text);
  }
  return "<tr>" + cells + "</tr>\n";
}

std::string head_row(std::initializer_list<std::string_view> texts) {
  return "<thead>" + row("th", texts) + "</thead>\n";
}

std::string ranges_table(const ExplainedEnclave& enclave) {
  std::string text = "<h2>Ranges, in the order in which they are measured</h2>\n<table>\n" +
                     head_row({"range", address_name(enclave.explanation.measurement.profile),
                               "size", "part", "file offset", "bytes of the file", "zeros",
                               "segment", "sections", "address measured"});
  const auto& ranges = enclave.explanation.ranges;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const MeasuredRange& range = ranges[i];
    const bool has_file = range.file_bytes != 0;
    text += row("td", {std::to_string(i), to_hex_number(range.address), binary_size(range.size),
                       range.role, has_file ? to_hex_number(range.file_offset) : "not in the file",
                       std::to_string(range.file_bytes), explain_zeros(range.zeros),
                       range.segment ? std::to_string(*range.segment) : "", range.sections,
                       range.starts_run ? "yes" : "no"});
  }
  return text + "</table>\n";
}

std::string inputs_table(const EnclaveRecord& record) {
  std::string text = "<h2>Inputs</h2>\n<table>\n" +
                     head_row({"part", "path", "size in bytes", "taken from it", "as", "SHA-256"});
  for (const InputRecord& input : record.inputs) {
    text +=
        row("td", {input.role, input.path, std::to_string(input.size), std::to_string(input.taken),
                   input.extraction, input.sha256 ? input.sha256->hex() : std::string()});
  }
  return text + "</table>\n";
}

template <class Texts>
std::string list_of(std::string_view heading, const Texts& texts) {
  if (texts.empty()) {
    return {};
  }
  std::string text = element("h2", heading) + "\n<ul>\n";
  for (const auto& item : texts) {
    text += element("li", item) + "\n";
  }
  return text + "</ul>\n";
}

std::string head_of(std::string_view title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "script-src 'sha256-" +
         std::string(kExplainScriptDigest) + "'; style-src 'sha256-" +
         std::string(kExplainStyleDigest) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n" +
         element("title", title) + "\n<style>" + std::string(kExplainStyle) + "</style>\n</head>\n";
}

// The map, and what is known of the page under the pointer.
std::string map_section(const ExplainedEnclave& enclave) {
  return "<section>\n" + memory_map_svg(enclave, {}) +
         "<div id=\"page\">\n<h2>Page</h2>\n<dl id=\"facts\" aria-live=\"polite\">"
         "<dt>Point at a page, or choose one with the arrow keys.</dt></dl>\n</div>\n</section>\n";
}

std::string body_of(const ExplainedEnclave& enclave, std::string_view title) {
  const Measurement& measurement = enclave.explanation.measurement;
  return "<body>\n" + element("h1", title) + "\n<p>Profile <code id=\"profile\">" +
         markup(info(measurement.profile).name) + "</code>, hash (SHA3-512) <code id=\"hash\">" +
         measurement.hash.hex() + "</code></p>\n" + map_section(enclave) + ranges_table(enclave) +
         list_of("Not measured", not_measured(measurement.profile)) +
         list_of("Warnings", enclave.record.warnings) + list_of("Notes", enclave.record.notes) +
         inputs_table(enclave.record) + "<script type=\"application/json\" id=\"transcript\">" +
         script_json(transcript_of(enclave)) + "</script>\n<script>" + std::string(kExplainScript) +
         "</script>\n</body>\n</html>\n";
}

}  // namespace

std::string explain_html(const ExplainedEnclave& enclave) {
  constexpr std::string_view kTitle = "What the hash of an enclave covers";
  return head_of(kTitle) + body_of(enclave, kTitle);
}

}  // namespace keystone::cli
