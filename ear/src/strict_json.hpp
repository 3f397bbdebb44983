// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// Claims of other people, read by our rules. Beside the project's reader this one gives numbers
// with a sign and the names of members, which claims need.
namespace keystone::detail {

using Json = nlohmann::json;

// The object `text` is, if the project's reader takes it: no key twice, bounded depth and size.
// Fails as parse_json_object() does.
[[nodiscard]] Result<Json> read_claims(std::string_view text, std::size_t max_bytes);

// `malformed`: what is at `path` is not `want`.
[[nodiscard]] tl::unexpected<Error> wrong_claim(std::string_view path, std::string_view want);

// The path of a member whose name may be a stranger's.
[[nodiscard]] std::string path_of(std::string_view path, std::string_view key);

// The member of that type; `malformed` if it is missing or of another type. `claims` is an object,
// and `path` its place.
[[nodiscard]] Result<std::string> text_at(const Json& claims, std::string_view path,
                                          std::string_view key);
[[nodiscard]] Result<Json> object_at(const Json& claims, std::string_view path,
                                     std::string_view key);

// A whole number of seconds, from 0 to the end of the year 9999; absent if there is no such member.
[[nodiscard]] Result<std::optional<std::int64_t>> time_if_there(const Json& claims,
                                                                std::string_view path,
                                                                std::string_view key);

// JSON on one line. What is not UTF-8 shows as U+FFFD.
[[nodiscard]] std::string one_line(const Json& json);

}  // namespace keystone::detail
