// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/appraisal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Verifying without a session: evidence, and what the caller asked for, in one JSON object.
namespace keystone::server {

struct VerificationRequest {
  Report report;
  Question question;
};

// Reads one, for POST /v1/verify or a line of a batch (docs/http-api.md). 400, 413 or 415 for what
// is wrong with it, 503 where the policies cannot be read.
[[nodiscard]] Answer<VerificationRequest> parse_verification(Core& core,
                                                             const ServiceOptions& options,
                                                             std::string_view text);

// What a result says to who asked for it: {"id":...,"accepted":...,"ear":...,"verdict":...}.
[[nodiscard]] std::string to_json(const Appraisal& appraisal);

// Appraises each, and has all on record: together those whose challenge is used for the first time,
// then those where it turned out that it was used before, which are rejected for that. One answer
// for each request, in their order; `origins` likewise. Where the store fails, every answer that is
// not on record yet is 503.
[[nodiscard]] std::vector<Answer<Appraisal>> verify_all(
    Core& core, const ServiceOptions& options, const std::vector<VerificationRequest>& requests,
    const std::vector<Origin>& origins);

}  // namespace keystone::server
