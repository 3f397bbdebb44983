// SPDX-License-Identifier: Apache-2.0
#include "strict_json.hpp"

#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

namespace keystone::detail {
namespace {

constexpr std::int64_t kEndOfTime = 253'402'300'799;  // 9999-12-31T23:59:59Z

}  // namespace

Result<Json> read_claims(std::string_view text, std::size_t max_bytes) {
  // Read twice: once for what is taken at all, once for the values. What passed the first holds no
  // key twice and is not deep, so that the second means the same and can be destroyed.
  KEYSTONE_TRY(const auto checked, parse_json_object(text, {max_bytes, 20'000, 16, false}));
  try {
    return Json::parse(text);
  } catch (const std::exception&) {
    return fail(ErrorCode::internal, "the JSON library failed");
  }
}

tl::unexpected<Error> wrong_claim(std::string_view path, std::string_view want) {
  return fail(ErrorCode::malformed, std::string(path) + ": want " + std::string(want));
}

std::string path_of(std::string_view path, std::string_view key) {
  return std::string(path) + (path.empty() ? "" : ".") + printable(key);
}

Result<std::string> text_at(const Json& claims, std::string_view path, std::string_view key) {
  const auto found = claims.find(key);
  if (found == claims.end() || !found->is_string()) {
    return wrong_claim(path_of(path, key), "a string");
  }
  return found->get_ref<const std::string&>();
}

Result<Json> object_at(const Json& claims, std::string_view path, std::string_view key) {
  const auto found = claims.find(key);
  if (found == claims.end() || !found->is_object()) {
    return wrong_claim(path_of(path, key), "an object");
  }
  return *found;
}

Result<std::optional<std::int64_t>> time_if_there(const Json& claims, std::string_view path,
                                                  std::string_view key) {
  const auto found = claims.find(key);
  if (found == claims.end()) {
    return std::optional<std::int64_t>();
  }
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() > std::uint64_t{kEndOfTime}) {
    return wrong_claim(path_of(path, key), "whole seconds of Unix time, up to the year 9999");
  }
  return std::optional(found->get<std::int64_t>());
}

std::string one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace keystone::detail
