// SPDX-License-Identifier: Apache-2.0
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/hashes.hpp"
#include "keystone/base/keys.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

constexpr std::uint64_t kMostAtOnce = 1000;
constexpr std::uint64_t kLatest = 253'402'300'799;  // 9999-12-31T23:59:59Z

// A result's id as this server makes them: 128 bits in hex.
Status check_id(std::string_view id) {
  std::array<std::uint8_t, 16> bytes{};
  return hex::decode_exactly("id", id, bytes);
}

// SECONDS.NUMBER: where a page ended.
std::string text_of(const ResultCursor& cursor) {
  return std::to_string(cursor.time.time_since_epoch().count()) + "." +
         std::to_string(cursor.number);
}

Result<ResultCursor> parse_cursor(const std::string& text) {
  const auto dot = std::min(text.find('.'), text.size());
  KEYSTONE_TRY(const auto seconds, parse_unsigned("after", text.substr(0, dot), {0, kLatest}));
  KEYSTONE_TRY(
      const auto number,
      parse_unsigned("after", text.substr(std::min(dot + 1, text.size())), {0, INT64_MAX}));
  return ResultCursor{Instant(std::chrono::seconds(static_cast<std::int64_t>(seconds))), number};
}

Result<std::optional<Instant>> instant_in(const Query& query, std::string_view name) {
  const std::string* const text = query.find(name);
  if (text == nullptr) {
    return std::optional<Instant>();
  }
  KEYSTONE_TRY(const auto instant, parse_instant(name, *text));
  return std::optional(instant);
}

template <class Bytes>
Result<std::optional<std::string>> hex_in(const Query& query, std::string_view name) {
  const std::string* const text = query.find(name);
  if (text == nullptr) {
    return std::optional<std::string>();
  }
  KEYSTONE_TRY(const auto bytes, Bytes::from_hex(name, *text));
  return std::optional(bytes.hex());
}

Result<std::optional<bool>> verdict_in(const Query& query) {
  const std::string* const text = query.find("verdict");
  if (text == nullptr) {
    return std::optional<bool>();
  }
  if (*text != "accepted" && *text != "rejected") {
    return fail(ErrorCode::malformed, "verdict: got another word, want accepted or rejected");
  }
  return std::optional(*text == "accepted");
}

Result<ResultQuery> read_query(std::string_view text) {
  KEYSTONE_TRY(const auto query, Query::parse(text, {"device", "enclave", "verdict", "from",
                                                     "until", "after", "limit"}));
  ResultQuery wanted;
  KEYSTONE_TRY(wanted.device, hex_in<DevicePublicKey>(query, "device"));
  KEYSTONE_TRY(wanted.enclave, hex_in<EnclaveHash>(query, "enclave"));
  KEYSTONE_TRY(wanted.accepted, verdict_in(query));
  KEYSTONE_TRY(wanted.from, instant_in(query, "from"));
  KEYSTONE_TRY(wanted.until, instant_in(query, "until"));
  if (const std::string* const after = query.find("after")) {
    KEYSTONE_TRY(wanted.after, parse_cursor(*after));
  }
  if (const std::string* const limit = query.find("limit")) {
    KEYSTONE_TRY(const auto number, parse_unsigned("limit", *limit, {1, kMostAtOnce}));
    wanted.limit = static_cast<std::size_t>(number);
  }
  return wanted;
}

JsonText summary_of(const NewResult& result) {
  JsonText json;
  json.add("id", result.id);
  json.add("time", keystone::to_string(result.time));
  json.add("accepted", result.accepted);
  json.add("device", result.device);
  json.add("sm", result.sm);
  json.add("enclave", result.enclave);
  json.add("policy", result.policy);
  json.add("policy_revision", result.policy_revision);
  return json;
}

}  // namespace

Answer<http::Response> search_results(Call& call) {
  KEYSTONE_TRY(const auto wanted, read_query(call.request.query));
  KEYSTONE_TRY(const auto page, stored(call.core->store().search(wanted)));
  std::vector<std::string> items;
  for (const StoredResult& found : page.results) {
    items.push_back(summary_of(found.result).object());
  }
  JsonText body;
  body.add_json("items", json_array(items));
  body.add_json("next", page.next ? json_quoted(text_of(*page.next)) : "null");
  return answer_with(200, std::move(body).object());
}

Answer<http::Response> get_result(Call& call) {
  KEYSTONE_CHECK_OK(check_id(call.parameter));
  KEYSTONE_TRY(const auto found, stored(call.core->store().find_result(call.parameter)));
  if (!found) {
    return refuse(404, "result: there is no '" + call.parameter + "'");
  }
  JsonText body = summary_of(found->result);
  body.add("ear", found->result.ear);
  body.add_json("verdict", found->result.verdict);
  body.add("report", base64::encode(found->result.report, base64::Form::standard));
  return answer_with(200, std::move(body).object());
}

}  // namespace keystone::server
