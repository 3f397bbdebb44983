// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/problem.hpp"
#include "keystone/report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace keystone::server {

// The media types in which evidence is taken, the preferred one first.
[[nodiscard]] const std::vector<std::string>& evidence_media_types();

// The report in a body of that type (with or without parameters), alone or in a CMW record. 415 for
// another type, 400 or 413 for a body that is not what its type says.
[[nodiscard]] Answer<Report> read_evidence(std::string_view content_type, ByteView body);

// `type/subtype` in lower case, without parameters.
[[nodiscard]] std::string media_type_of(std::string_view content_type);

}  // namespace keystone::server
