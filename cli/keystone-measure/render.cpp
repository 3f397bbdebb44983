// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/render.hpp"

#include "common/json_text.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/suggest.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const InputRecord& input) {
  Json json = {{"role", input.role}, {"path", input.path}, {"size", input.size}};
  if (input.sha256) {
    json["sha256"] = input.sha256->hex();
  }
  json["extraction"] = input.extraction;
  json["taken"] = input.taken;
  return json;
}

template <class Texts>
Json list_of(const Texts& texts) {
  Json list = Json::array();
  for (const auto& text : texts) {
    list.push_back(text);
  }
  return list;
}

Json to_json(const SmRecord& record) {
  const std::uint8_t fill = record.window.fill;
  return {{"schema", "keystone.measurement/1"},
          {"kind", "sm"},
          {"platform", record.platform ? Json(*record.platform) : Json(nullptr)},
          {"window",
           {{"base", to_hex_number(record.window.base)},
            {"size", to_hex_number(record.window.size)},
            {"fill", "0x" + hex::encode(std::array{fill})}}},
          {"hash_algorithm", "sha3-512"},
          {"hash", record.hash.hex()},
          {"inputs", Json::array({to_json(record.image)})},
          {"notes", list_of(record.notes)},
          {"warnings", list_of(record.warnings)},
          {"not_measured", list_of(not_measured_in_sm())}};
}

// The header that upstream's demo includes: the array and its length under the names it uses.
std::string c_header(std::string_view name, std::string_view origin, ByteView hash) {
  constexpr std::size_t kPerLine = 12;
  const std::string array(name);
  std::string text = "/* " + std::string(origin) + "; made by keystone-measure */\n" +
                     "unsigned char " + array + "[] = {";
  for (std::size_t i = 0; i < hash.size(); ++i) {
    text += i % kPerLine == 0 ? "\n  0x" : " 0x";
    text += hex::encode(hash.subspan(i, 1));
    text += i + 1 == hash.size() ? "\n" : ",";
  }
  return text + "};\nunsigned int " + array + "_len = " + std::to_string(hash.size()) + ";\n";
}

std::string origin_of(const SmRecord& record) {
  return record.platform ? "platform " + *record.platform
                         : "window of " + to_hex_number(record.window.size) + " bytes at " +
                               to_hex_number(record.window.base);
}

std::string value_or_dash(const std::optional<std::uint64_t>& value) {
  return value ? to_hex_number(*value) : "-";
}

Json value_or_null(const std::optional<std::uint64_t>& value) {
  return value ? Json(to_hex_number(*value)) : Json(nullptr);
}

}  // namespace

nlohmann::ordered_json to_json(const EnclaveRecord& record) {
  Json inputs = Json::array();
  for (const InputRecord& input : record.inputs) {
    inputs.push_back(to_json(input));
  }
  const Profile profile = record.measurement.profile;
  Json json = {{"schema", "keystone.measurement/1"},    {"kind", "enclave"},
               {"profile", info(profile).name},         {"hash_algorithm", "sha3-512"},
               {"hash", record.measurement.hash.hex()}, {"inputs", std::move(inputs)}};
  if (record.page_walk) {
    json["parameters"] = {{"runtime_entry", to_hex_number(record.page_walk->runtime_entry)},
                          {"user_entry", to_hex_number(record.page_walk->user_entry)},
                          {"untrusted_ptr", to_hex_number(record.page_walk->untrusted_ptr)},
                          {"untrusted_size", to_hex_number(record.page_walk->untrusted_size)}};
  }
  json["notes"] = list_of(record.notes);
  json["warnings"] = list_of(record.warnings);
  json["not_measured"] = list_of(not_measured(profile));
  return json;
}

Result<Format> format_from_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> kNames = {"hex", "json", "c-header"};
  KEYSTONE_TRY(const auto index, index_of_name("--format", name, kNames));
  return static_cast<Format>(index);
}

std::string render(const EnclaveRecord& record, Format format) {
  switch (format) {
    case Format::hex:
      return record.measurement.hash.hex() + "\n";
    case Format::json:
      return json_text(to_json(record));
    case Format::c_header:
      return c_header("enclave_expected_hash",
                      "profile " + std::string(info(record.measurement.profile).name),
                      record.measurement.hash.bytes());
  }
  KEYSTONE_ASSERT(false);
}

std::string render(const SmRecord& record, Format format) {
  switch (format) {
    case Format::hex:
      return record.hash.hex() + "\n";
    case Format::json:
      return json_text(to_json(record));
    case Format::c_header:
      return c_header("sm_expected_hash", origin_of(record), record.hash.bytes());
  }
  KEYSTONE_ASSERT(false);
}

std::string render_profiles(bool json) {
  Json list = Json::array();
  std::string text;
  for (const ProfileInfo& row : profiles()) {
    const std::string_view mark = row.profile == kDefaultProfile ? " (default)" : "";
    text += std::string(row.name) + std::string(mark) + "\n  " + std::string(row.description) +
            "\n  " + std::string(row.upstream) + "\n";
    list.push_back({{"name", row.name},
                    {"default", row.profile == kDefaultProfile},
                    {"description", row.description},
                    {"upstream", row.upstream},
                    {"word_bytes", size_of(row.word)},
                    {"page_size", kPageSize},
                    {"not_measured", list_of(not_measured(row.profile))}});
  }
  return json ? json_text({{"schema", "keystone.profiles/1"}, {"profiles", std::move(list)}})
              : text;
}

std::string render_platforms(bool json) {
  Json list = Json::array();
  std::string text;
  for (const PlatformInfo& row : platforms()) {
    const std::string window = row.has_root_of_trust
                                   ? "base " + value_or_dash(row.base) + ", size " +
                                         value_or_dash(row.size) + ", fill 0x" +
                                         hex::encode(std::array{row.fill})
                                   : "no root of trust: there is no hash to expect";
    text += std::string(row.name) + (list.empty() ? " (default)" : "") + "\n  " +
            std::string(row.description) + "\n  " + window + "\n  " + std::string(row.upstream) +
            "\n";
    list.push_back({{"name", row.name},
                    {"default", list.empty()},
                    {"description", row.description},
                    {"upstream", row.upstream},
                    {"root_of_trust", row.has_root_of_trust},
                    {"base", value_or_null(row.base)},
                    {"size", value_or_null(row.size)},
                    {"fill", row.fill}});
  }
  return json ? json_text({{"schema", "keystone.platforms/1"}, {"platforms", std::move(list)}})
              : text;
}

}  // namespace keystone::cli
