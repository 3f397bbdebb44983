// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate.hpp"
#include "keystone-attest/request.hpp"
#include "keystone/base/bytes.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

// What `request` is told, read once and checked.
namespace keystone::cli::attest {

// Where the evidence comes from.
struct EvidenceFile {
  std::string path;  // `-` is standard input
};
struct EvidenceCommand {
  std::string text;           // for the shell
  std::chrono::seconds time;  // in which it must end
};
using EvidenceSource = std::variant<EvidenceFile, EvidenceCommand, EmulatedAttester>;

struct AttestationRequest {
  CommonArguments common;
  std::string url;
  std::string policy;
  std::size_t nonce_size;           // of the server's nonce
  std::vector<std::uint8_t> nonce;  // to be used instead; empty: none
  EvidenceSource evidence;
  std::string ca, certificate, key, token_file;  // paths; empty: none
  std::string ear_key;                           // the file of pinned keys; empty: ask the server
  std::string ear_out;                           // empty: nowhere
  std::chrono::seconds timeout;
  unsigned retries;
  Instant clock;
};

[[nodiscard]] Result<AttestationRequest> read_request(const Spelling& spelt, Instant clock);

}  // namespace keystone::cli::attest
