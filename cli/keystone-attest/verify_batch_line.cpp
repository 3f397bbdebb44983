// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/verify_batch.hpp"
#include "keystone/base/hex.hpp"
#include "keystone/base/json.hpp"

#include <array>

namespace keystone::cli::attest {
namespace {

constexpr JsonLimits kLimits = {kMaxBatchLine, 16, 2, false};

using Bytes = std::vector<std::uint8_t>;

Result<Bytes> bytes_at(const JsonObject& line, std::string_view key) {
  KEYSTONE_TRY(const auto text, line.string_at(key));
  return hex::decode(key, text);
}

Result<Nonce> nonce_at(const JsonObject& line, std::string_view key) {
  KEYSTONE_TRY(const auto bytes, bytes_at(line, key));
  auto nonce = Nonce::from(bytes);
  return nonce ? std::move(nonce) : Result<Nonce>(fail(nonce.error().within(std::string(key))));
}

// What the data must be; nothing was asked for where no member says it.
Result<Challenge> asked(const JsonObject& line) {
  constexpr std::array<std::string_view, 4> kKinds = {"nonce", "nonce_prefix", "data",
                                                      "channel_binding"};
  std::string_view kind;
  for (const std::string_view each : kKinds) {
    if (line.has(each)) {
      if (!kind.empty()) {
        return fail(ErrorCode::malformed, std::string(each) + ": got " + std::string(kind) +
                                              " as well, want one of them");
      }
      kind = each;
    }
  }
  if (kind == "nonce") {
    KEYSTONE_TRY(const auto nonce, nonce_at(line, kind));
    return Challenge::exact_nonce(nonce);
  }
  if (kind == "nonce_prefix") {
    KEYSTONE_TRY(const auto nonce, nonce_at(line, kind));
    return Challenge::nonce_prefix(nonce);
  }
  if (kind == "data") {
    KEYSTONE_TRY(const auto data, bytes_at(line, kind));
    return Challenge::exact_data(data);
  }
  if (kind == "channel_binding") {
    KEYSTONE_TRY(const auto text, line.string_at(kind));
    KEYSTONE_TRY(const auto binding, ChannelBinding::from_hex(kind, text));
    return Challenge::bound_to(binding);
  }
  return Challenge::none();
}

Result<std::optional<Instant>> instant_at(const JsonObject& line, std::string_view key) {
  if (!line.has(key)) {
    return std::optional<Instant>();
  }
  KEYSTONE_TRY(const auto text, line.string_at(key));
  KEYSTONE_TRY(const auto instant, parse_instant(key, text));
  return std::optional<Instant>(instant);
}

Result<Challenge> challenge(const JsonObject& line) {
  KEYSTONE_TRY(const auto asked_for, asked(line));
  KEYSTONE_TRY(const auto issued, instant_at(line, "issued"));
  KEYSTONE_TRY(const auto expires, instant_at(line, "expires"));
  if (!issued && !expires) {
    return asked_for;
  }
  if (std::holds_alternative<Challenge::Nothing>(asked_for.asked())) {
    return fail(ErrorCode::malformed, "issued: got a time, want a challenge with it");
  }
  if (!issued) {
    return fail(ErrorCode::malformed, "expires: got an end, want issued with it");
  }
  if (expires && *expires < *issued) {
    return fail(ErrorCode::malformed,
                "expires: got " + to_string(*expires) + ", want a time that is not before issued");
  }
  return asked_for.at({*issued, expires});
}

}  // namespace

Result<BatchLine> read_batch_line(std::string_view line, const Report::ParseOptions& options) {
  KEYSTONE_TRY(const auto object, parse_json_object(line, kLimits));
  std::string id;
  if (object.has("id")) {
    KEYSTONE_TRY(id, object.string_at("id"));
  }
  KEYSTONE_TRY(const auto bytes, bytes_at(object, "report"));
  KEYSTONE_TRY(auto asked_for, challenge(object));
  KEYSTONE_CHECK_OK(object.no_others());
  auto report = Report::parse(bytes, options);
  if (!report) {
    return fail(report.error().within("report"));
  }
  return BatchLine{std::move(id), *std::move(report), std::move(asked_for)};
}

}  // namespace keystone::cli::attest
