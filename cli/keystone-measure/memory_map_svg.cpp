// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/memory_map_svg.hpp"

#include "keystone-measure/memory_map.hpp"
#include "keystone-measure/memory_map_text.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace keystone::cli {
namespace {

constexpr double kMargin = 12;
constexpr double kLeft = 160;    // room for an address of 64 bits
constexpr double kLine = 20;     // height of a line of text
constexpr double kLetter = 7.5;  // width of a letter, with some room
constexpr double kWidth = kLeft + MemoryMap::kWidth + kMargin;

// The colours of Okabe and Ito, which people tell apart however they see colours ("Color Universal
// Design", 2008). Black text is readable on each.
struct RoleColour {
  std::string_view role;
  std::string_view colour;
};
constexpr std::array<RoleColour, 6> kRoles = {{{"loader", "#e69f00"},
                                               {"runtime", "#56b4e9"},
                                               {"eapp", "#009e73"},
                                               {"stack", "#f0e442"},
                                               {"runtime_stack", "#cc79a7"},
                                               {"untrusted", "#d55e00"}}};

std::string_view colour_of(std::string_view role) {
  const auto* const found = std::find_if(kRoles.begin(), kRoles.end(),
                                         [&](const RoleColour& row) { return row.role == role; });
  return found == kRoles.end() ? "#bbbbbb" : found->colour;
}

// As short as it is exact; coordinates are binary fractions.
std::string number(double value) {
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  return {text.data(), end};
}

std::string attribute(std::string_view name, const std::string& value) {
  return " " + std::string(name) + "=\"" + value + "\"";
}

std::string position(double x, double y) {
  return attribute("x", number(x)) + attribute("y", number(y));
}

std::string text_at(double x, double y, std::string_view text, std::string_view more = {}) {
  return "<text" + position(x, y) + std::string(more) + ">" + markup(text) + "</text>\n";
}

std::string box_at(double x, double y, double width, double height, std::string_view more) {
  return "<rect" + position(x, y) + attribute("width", number(width)) +
         attribute("height", number(height)) + std::string(more) + "/>\n";
}

std::string path_of(const std::vector<MapOutline>& outlines) {
  std::string path;
  for (const MapOutline& outline : outlines) {
    char command = 'M';
    for (const MapPoint& point : outline) {
      path += command + number(point.x) + " " + number(point.y);
      command = 'L';
    }
    path += "Z";
  }
  return path;
}

constexpr std::string_view kZeros = " fill=\"url(#zeros)\"";

// --- above the map ----------------------------------------------------------------------------

std::string words_at(const std::vector<MeasuredWord>& words, double y) {
  constexpr double kColumn = 290;
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += text_at(kMargin + static_cast<double>(i) * kColumn, y,
                    std::string(words[i].name) + " " + to_hex_number(words[i].value));
  }
  return text;
}

std::string legend_at(const Explanation& explanation, double y) {
  std::string text;
  double x = kMargin;
  const auto add = [&](std::string_view label, const std::string& fill) {
    text += box_at(x, y - 11, 14, 14, " fill=\"#ffffff\"");  // hatching is seen on dark paper, too
    text += box_at(x, y - 11, 14, 14, fill + " stroke=\"#000000\"");
    text += text_at(x + 20, y, label);
    x += 20 + kLetter * static_cast<double>(label.size()) + 24;
  };
  for (const RoleColour& row : kRoles) {
    const auto& ranges = explanation.ranges;
    const bool is_there = std::any_of(ranges.begin(), ranges.end(),
                                      [&](const auto& range) { return range.role == row.role; });
    if (is_there) {
      add(row.role, attribute("fill", std::string(row.colour)));
    }
  }
  add("zeros that no file has", std::string(kZeros));
  return text;
}

// A bar, and how many bytes a part of a row has that is as wide.
std::string scale_at(const MemoryMap& map, double y) {
  constexpr unsigned kBarsInRow = 8;
  constexpr double kBar = MemoryMap::kWidth / kBarsInRow;
  return "<path d=\"M" + number(kMargin) + " " + number(y - 10) + "v10h" + number(kBar) +
         "v-10\" fill=\"none\" stroke=\"#111111\" class=\"bar\"/>\n" +
         text_at(kMargin + kBar + 8, y,
                 binary_size(map.row_size() / kBarsInRow) + "; to scale: a row is " +
                     std::to_string(map.columns()) + " pages of " + std::to_string(kPageSize) +
                     " bytes, " + binary_size(map.row_size()));
}

// --- the map ----------------------------------------------------------------------------------

std::string range_at(const MapShape& shape, const MeasuredRange& range, std::size_t index) {
  std::string text =
      "<g class=\"range " + markup(range.role) + "\"" +
      attribute("data-range", std::to_string(index)) +
      attribute("data-address", to_hex_number(range.address)) +
      attribute("data-size", std::to_string(range.size)) + "><title>" + markup(describe(range)) +
      "</title>" + "<path" + attribute("d", path_of(shape.all)) +
      attribute("fill", std::string(colour_of(range.role))) + " stroke=\"#111111\"/>";
  if (!shape.zeros.empty()) {
    text +=
        "<path class=\"zeros\"" + attribute("d", path_of(shape.zeros)) + std::string(kZeros) + "/>";
  }
  const double label_width = kLetter * static_cast<double>(range.role.size()) + 12;
  if (shape.widest.width >= label_width && shape.widest.height >= 16) {
    text += text_at(shape.widest.x + 6, shape.widest.y + shape.widest.height / 2 + 4, range.role,
                    " class=\"role\"");
  }
  return text + "</g>\n";
}

std::string addresses_of(const MemoryMap& map, const MapRun& run) {
  std::string text;
  if (run.gap) {
    const double y = run.top - MemoryMap::kGapHeight / 2;
    text += "<path class=\"gap\" d=\"M0 " + number(y) + "L" + number(MemoryMap::kWidth) + " " +
            number(y) + "\" stroke=\"#777777\" stroke-width=\"1\" stroke-dasharray=\"2 6\"/>\n" +
            text_at(6, y - 4, "gap of " + binary_size(*run.gap));
  }
  const std::uint64_t step = std::max<std::uint64_t>(map.columns() / 32, 1);  // 32 units or more
  for (std::uint64_t row = 0; row < map.rows(run); row += step) {
    const double y = run.top + static_cast<double>(row) * map.cell() + 12;
    text +=
        text_at(-8, y, to_hex_number(run.address + row * map.row_size()), " text-anchor=\"end\"");
  }
  return text;
}

// Lines between the pages, where these are large enough for them.
std::string grid_of(const MemoryMap& map, const MapRun& run) {
  constexpr double kLeastCell = 8;
  if (map.cell() < kLeastCell) {
    return {};
  }
  std::string path;
  for (std::uint64_t column = 1; column < map.columns(); ++column) {
    const bool reaches_last_row = column * kPageSize < run.size % map.row_size();
    const std::uint64_t rows = run.size / map.row_size() + (reaches_last_row ? 1 : 0);
    if (rows > 0) {
      path += "M" + number(static_cast<double>(column) * map.cell()) + " " + number(run.top) + "v" +
              number(static_cast<double>(rows) * map.cell());
    }
  }
  for (std::uint64_t row = 1; row < map.rows(run); ++row) {
    const std::uint64_t width = std::min(run.size - row * map.row_size(), map.row_size());
    path += "M0 " + number(run.top + static_cast<double>(row) * map.cell()) + "h" +
            number(static_cast<double>(width / kPageSize) * map.cell());
  }
  return "<path class=\"grid\"" + attribute("d", path) +
         " stroke=\"#ffffff\" stroke-opacity=\"0.5\" pointer-events=\"none\"/>\n";
}

std::string run_at(const MemoryMap& map, const MapRun& run,
                   const std::vector<MeasuredRange>& ranges) {
  std::string text = "<g class=\"run\"" + attribute("data-address", to_hex_number(run.address)) +
                     attribute("data-size", std::to_string(run.size)) +
                     attribute("data-first-page", std::to_string(run.first_page)) +
                     attribute("data-top", number(run.top)) + ">\n" + addresses_of(map, run);
  for (std::size_t i = run.first_range; i < run.end_range; ++i) {
    text += range_at(map.shape(run, i), ranges[i], i);
  }
  return text + grid_of(map, run) + "</g>\n";
}

std::string opening(const MemoryMap& map, double height, Profile profile) {
  const std::string size = attribute("width", number(kWidth)) +
                           attribute("height", number(height)) + " viewBox=\"0 0 " +
                           number(kWidth) + " " + number(height) + "\"";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" id=\"map\" role=\"img\"" +
         size + attribute("data-columns", std::to_string(map.columns())) +
         attribute("data-cell", number(map.cell())) +
         attribute("data-address-name", std::string(address_name(profile))) +
         " font-family=\"monospace\" font-size=\"12\" fill=\"#111111\">\n"
         "<title>Measured memory of an enclave</title>\n"
         "<defs><pattern id=\"zeros\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" stroke=\"#000000\" "
         "stroke-opacity=\"0.4\" stroke-width=\"2\"/></pattern></defs>\n" +
         box_at(0, 0, kWidth, height, " class=\"paper\" fill=\"#ffffff\"");
}

}  // namespace

std::string memory_map_svg(const ExplainedEnclave& enclave,
                           const std::vector<std::string>& caption) {
  const Explanation& explanation = enclave.explanation;
  const MemoryMap map(explanation.ranges);
  std::string above;
  double y = kLine;
  for (const std::string& line : caption) {
    above += text_at(kMargin, y, line);
    y += kLine;
  }
  above += words_at(explanation.words, y);
  y += kLine;
  above += scale_at(map, y);
  y += kLine;
  above += legend_at(explanation, y);
  y += kLine;
  std::string text = opening(map, y + map.height() + kMargin, explanation.measurement.profile) +
                     above + "<g id=\"pages\" transform=\"translate(" + number(kLeft) + " " +
                     number(y) + ")\"" +
                     attribute("stroke-width", number(std::min(map.cell() / 32, 1.0))) + ">\n";
  for (const MapRun& run : map.runs()) {
    text += run_at(map, run, explanation.ranges);
  }
  return text + "</g>\n</svg>\n";
}

}  // namespace keystone::cli
