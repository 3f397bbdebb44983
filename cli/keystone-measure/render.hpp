// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/measure_files.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

// Answers as text. Every function here is a pure one.
namespace keystone::cli {

enum class Format : std::uint8_t { hex, json, c_header };

// `hex`, `json` or `c-header`, else `usage`.
[[nodiscard]] Result<Format> format_from_name(std::string_view name);

// The answer of `enclave` as JSON (`keystone.measurement/1`).
[[nodiscard]] nlohmann::ordered_json to_json(const EnclaveRecord& record);

[[nodiscard]] std::string render(const EnclaveRecord& record, Format format);
[[nodiscard]] std::string render(const SmRecord& record, Format format);

// The tables that `profiles` and `platforms` print.
[[nodiscard]] std::string render_profiles(bool json);
[[nodiscard]] std::string render_platforms(bool json);

}  // namespace keystone::cli
