// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_render.hpp"

#include "common/console.hpp"
#include "common/json_text.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/suggest.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;
using Outcomes = std::vector<EntryOutcome>;

constexpr auto npos = std::string_view::npos;

std::string percent_escape(char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', kHex[byte >> 4U], kHex[byte & 0x0fU]};
}

std::size_t count_of(const Outcomes& outcomes, EntryState state) {
  const auto count =
      std::count_if(outcomes.begin(), outcomes.end(),
                    [&](const EntryOutcome& outcome) { return outcome.state == state; });
  return static_cast<std::size_t>(count);
}

std::string title_of(const EntryOutcome& outcome) {
  return std::string(outcome.kind) + " " + outcome.name;
}

std::string text_report(const Outcomes& outcomes) {
  std::string text;
  for (const EntryOutcome& outcome : outcomes) {
    text += std::string(to_string(outcome.state)) + ": " + title_of(outcome) +
            (outcome.detail.empty() ? "" : ": " + outcome.detail) + "\n";
  }
  return text;
}

std::string json_report(const Outcomes& outcomes, std::string_view file) {
  Json entries = Json::array();
  for (const EntryOutcome& outcome : outcomes) {
    entries.push_back({{"kind", outcome.kind},
                       {"name", outcome.name},
                       {"result", to_string(outcome.state)},
                       {"detail", outcome.detail}});
  }
  const bool matched =
      !outcomes.empty() && count_of(outcomes, EntryState::match) == outcomes.size();
  return json_text({{"schema", "keystone.golden-check/1"},
                    {"file", file},
                    {"matched", matched},
                    {"entries", std::move(entries)}});
}

// Any bytes as UTF-8, with U+FFFD for what is not.
std::string utf8(std::string_view text) {
  return Json::parse(json_text(Json(text)));
}

// `text` with `to` in the place of every `from`, which `to` does not contain.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Text in XML, which has no control characters and neither U+FFFE nor U+FFFF.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : replaced(replaced(utf8(text), "\xef\xbf\xbe", "?"), "\xef\xbf\xbf", "?")) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string junit_report(const Outcomes& outcomes, std::string_view file) {
  const std::string counts = "tests=\"" + std::to_string(outcomes.size()) + "\" failures=\"" +
                             std::to_string(count_of(outcomes, EntryState::mismatch)) +
                             "\" errors=\"" +
                             std::to_string(count_of(outcomes, EntryState::error)) + "\"";
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts +
                     ">\n  <testsuite name=\"" + xml(file) + "\" " + counts + ">\n";
  for (const EntryOutcome& outcome : outcomes) {
    const std::string start = "    <testcase classname=\"" + std::string(outcome.kind) +
                              "\" name=\"" + xml(outcome.name) + "\"";
    if (outcome.state == EntryState::match) {
      text += start + "/>\n";
      continue;
    }
    const std::string tag = outcome.state == EntryState::mismatch ? "failure" : "error";
    text += start + ">\n      <" + tag + " message=\"" + xml(outcome.detail) + "\"/>\n" +
            "    </testcase>\n";
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

// Rule ids of the SARIF report: stable, since dashboards group by them.
constexpr std::string_view kMismatchRule = "golden-hash-mismatch";
constexpr std::string_view kErrorRule = "golden-input-error";

Json sarif_rule(std::string_view id, std::string_view text) {
  return {{"id", id}, {"shortDescription", {{"text", text}}}};
}

// A path as a relative URI reference (RFC 3986): bytes that are not unreserved are escaped.
std::string uri(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || std::string_view("-._~/").find(c) != npos;
    out += unreserved ? std::string(1, c) : percent_escape(c);
  }
  return out;
}

// GitHub shows no result without a region, so each points at the file's first line.
Json sarif_location(std::string_view file) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri(file)}}}, {"region", {{"startLine", 1}}}}}};
}

std::string sarif_report(const Outcomes& outcomes, std::string_view file) {
  Json results = Json::array();
  for (const EntryOutcome& outcome : outcomes) {
    if (outcome.state == EntryState::match) {
      continue;
    }
    const bool mismatch = outcome.state == EntryState::mismatch;
    results.push_back({{"ruleId", mismatch ? kMismatchRule : kErrorRule},
                       {"level", "error"},
                       {"message", {{"text", title_of(outcome) + ": " + outcome.detail}}},
                       {"locations", Json::array({sarif_location(file)})}});
  }
  const Json driver = {
      {"name", "keystone-measure"},
      {"rules",
       Json::array({sarif_rule(kMismatchRule, "A measured hash differs from the golden one"),
                    sarif_rule(kErrorRule, "An input of a golden entry cannot be measured")})}};
  return json_text(
      {{"version", "2.1.0"},
       {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
       {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", std::move(results)}}})}});
}

// The escapes of GitHub's workflow commands; properties escape two characters more than messages.
std::string github_escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += special ? percent_escape(c) : std::string(1, c);
  }
  return out;
}

std::string github_report(const Outcomes& outcomes, std::string_view file) {
  std::string text;
  for (const EntryOutcome& outcome : outcomes) {
    if (outcome.state != EntryState::match) {
      text += "::error file=" + github_escaped(one_line(file), true) +
              ",title=" + github_escaped(title_of(outcome), true) +
              "::" + github_escaped(outcome.detail, false) + "\n";
    }
  }
  // An older form of command is read anywhere in a line: the text must hold none.
  return text + replaced(text_report(outcomes), "##[", "## [");
}

}  // namespace

Result<CheckFormat> check_format_from_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames = {"text", "json", "junit", "sarif", "github"};
  KEYSTONE_TRY(const auto index, index_of_name("--format", name, kNames));
  return static_cast<CheckFormat>(index);
}

std::string render(const std::vector<EntryOutcome>& outcomes, std::string_view file,
                   CheckFormat format) {
  switch (format) {
    case CheckFormat::text:
      return text_report(outcomes);
    case CheckFormat::json:
      return json_report(outcomes, file);
    case CheckFormat::junit:
      return junit_report(outcomes, file);
    case CheckFormat::sarif:
      return sarif_report(outcomes, file);
    case CheckFormat::github:
      return github_report(outcomes, file);
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone::cli
