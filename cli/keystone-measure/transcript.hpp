// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/explained.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

// The `keystone.explain/1` document: what `explain --json` writes and `diff` reads.
namespace keystone::cli {

[[nodiscard]] nlohmann::ordered_json transcript_of(const ExplainedEnclave& enclave);

// The most text that is read as a transcript, in bytes: 4 GiB of pages, each with its digest, are
// more, 512 MiB of them are not.
inline constexpr std::size_t kMaxTranscript = std::size_t{32} << 20U;

// An input as a transcript names it.
struct TranscriptInput {
  std::string role;
  std::string path;
  FileDigest sha256;
};

struct Transcript {
  std::vector<TranscriptInput> inputs;
  Explanation explanation;
};

// `malformed`, naming the place, for a text that no enclave's explanation has: ranges that are not
// of whole pages, pages beside their ranges, roles and words that the profile does not have.
// `limit_exceeded` for more than kMaxTranscript bytes.
[[nodiscard]] Result<Transcript> parse_transcript(std::string_view text);

}  // namespace keystone::cli
