// SPDX-License-Identifier: Apache-2.0
#include "api/evidence.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace keystone::server {
namespace {

// Not registered with IANA.
constexpr std::string_view kBinary = "application/vnd.keystone.report";
constexpr std::string_view kJson = "application/vnd.keystone.report+json";

// draft-ietf-rats-msg-wrap, section 7, and the name that Veraison's clients have for it.
constexpr std::string_view kCmw = "application/cmw+json";
constexpr std::string_view kVeraisonCmw = "application/vnd.veraison.cmw+json";
constexpr std::uint64_t kCmwEvidence = 4;  // the bit of "evidence" in a CMW's indicator

std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

tl::unexpected<Problem> wrong_type(std::string_view type) {
  Problem problem(415, "content-type: got '" + printable(type) + "', want one of Accept-Post");
  std::string types;
  for (const std::string& accepted : evidence_media_types()) {
    types += (types.empty() ? "" : ", ") + accepted;
  }
  problem.headers.push_back({"Accept-Post", types});
  return tl::unexpected<Problem>(std::move(problem));
}

Answer<Report> read_report(std::string_view type, ByteView body) {
  if (type == kJson) {
    KEYSTONE_TRY(auto report, Report::parse(body, {.format = ReportFormat::json}));
    return report;
  }
  if (type != kBinary) {
    return wrong_type(type);
  }
  KEYSTONE_TRY(auto report, Report::parse(body));
  if (report.format() == ReportFormat::json) {
    return refuse(400, "content-type: got a report in JSON, want a binary one");
  }
  return report;
}

struct CmwRecord {
  std::string type;
  std::vector<std::uint8_t> value;
};

// ["media/type", "base64url", 4], of which the last may lack.
Result<CmwRecord> parse_cmw(std::string_view text) {
  // As a member, since the strict reader reads objects. Another member cannot be smuggled in:
  // the tree that comes out has exactly one.
  const std::string object = R"({"cmw":)" + std::string(text) + "}";
  KEYSTONE_TRY(const auto strict, parse_json_object(object));
  (void)strict.has("cmw");
  KEYSTONE_CHECK_OK(strict.no_others());
  const auto root = nlohmann::json::parse(object, nullptr, false);
  const auto& record = root["cmw"];
  if (!record.is_array() || record.size() < 2 || record.size() > 3 || !record[0].is_string() ||
      !record[1].is_string()) {
    return fail(ErrorCode::malformed, "cmw: got another value, want [type, value, 4]");
  }
  if (record.size() == 3 && (!record[2].is_number_unsigned() || record[2] != kCmwEvidence)) {
    return fail(ErrorCode::malformed, "cmw[2]: got another indicator, want 4 (evidence)");
  }
  KEYSTONE_TRY(auto value, base64::decode("cmw[1]", record[1].get_ref<const std::string&>(),
                                          base64::Form::url));
  return CmwRecord{record[0].get<std::string>(), std::move(value)};
}

}  // namespace

const std::vector<std::string>& evidence_media_types() {
  static const std::vector<std::string> types = {std::string(kBinary), std::string(kJson),
                                                 std::string(kCmw), std::string(kVeraisonCmw)};
  return types;
}

std::string media_type_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) {
    type.pop_back();
  }
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

Answer<Report> read_evidence(std::string_view content_type, ByteView body) {
  const std::string type = media_type_of(content_type);
  if (type != kCmw && type != kVeraisonCmw) {
    return read_report(type, body);
  }
  KEYSTONE_TRY(const auto record, parse_cmw(text_of(body)));
  return read_report(media_type_of(record.type), record.value);
}

}  // namespace keystone::server
