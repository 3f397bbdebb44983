// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/request_arguments.hpp"

#include "keystone-attest/spelling.hpp"
#include "keystone-attest/values.hpp"
#include "keystone/verifier/nonce.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace keystone::cli::attest {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 accepted; 1 rejected; 2 usage; 3 unreadable or malformed input or\n"
    "answer; 4 internal error, or output cannot be written; 5 the server cannot be reached.";
constexpr std::uint64_t kTimeout = 10;          // seconds
constexpr std::uint64_t kEvidenceTimeout = 60;  // seconds
constexpr NumberRange kTimes{1, 3600};          // seconds
constexpr std::uint64_t kRetries = 4;

Result<EvidenceSource> evidence_source(const Spelling& spelt) {
  const RequestSpelling& request = spelt.request;
  const int given = (request.evidence.empty() ? 0 : 1) +
                    (request.evidence_command.empty() ? 0 : 1) + (request.emulate ? 1 : 0);
  if (given != 1) {
    return usage(std::string(given == 0 ? "got no evidence" : "got evidence from several sources") +
                     ", want one of --evidence, --evidence-command and --emulate",
                 "a build without the emulator has no --emulate");
  }
  if (request.evidence_command.empty() && !request.evidence_timeout.empty()) {
    return usage("--evidence-timeout: given without --evidence-command");
  }
  if (request.emulate) {
    KEYSTONE_TRY(auto attester, emulated_attester(spelt.emulate));
    return attester;
  }
  if (!request.evidence.empty()) {
    return EvidenceFile{request.evidence};
  }
  KEYSTONE_TRY(const auto time,
               number_if_given("--evidence-timeout", request.evidence_timeout, kTimes));
  return EvidenceCommand{request.evidence_command,
                         std::chrono::seconds(time.value_or(kEvidenceTimeout))};
}

// Empty if none is given.
Result<std::vector<std::uint8_t>> nonce_of(const Spelling& spelt) {
  if (!spelt.nonce.empty() && !spelt.request.nonce_size.empty()) {
    return usage("--nonce-size: given beside --nonce, want one of them");
  }
  KEYSTONE_TRY(auto bytes, hex_bytes("--nonce", spelt.nonce));
  if (!spelt.nonce.empty()) {
    if (const auto checked = Nonce::from(bytes); !checked) {
      return fail(checked.error().within("--nonce"));
    }
  }
  return bytes;
}

void add_tls(CLI::App& app, RequestSpelling& request) {
  add_value(app, "--ca", request.ca,
            "Certificates of those who vouch for the server, in PEM (default: the system's)",
            "FILE");
  add_value(app, "--cert", request.certificate, "Certificate of this client, in PEM; with --key",
            "FILE");
  add_value(app, "--key", request.key, "Its key, in PEM; with --cert", "FILE");
  add_value(app, "--token-file", request.token_file, "A bearer token for the server", "FILE");
}

}  // namespace

void declare_request(CLI::App& app, Spelling& spelt) {
  RequestSpelling& request = spelt.request;
  CLI::App& command = add_command(
      app, "request", "Ask an attestation server about evidence; exit 1 unless it is accepted.",
      "keystone-attest request https://attest.example.com --policy production \\\n"
      "    --evidence-command 'ssh board attest' --ear-out result.jwt",
      kExitCodes);
  command.add_option("URL", request.url, "The server: https://HOST[:PORT], or http:// on loopback")
      ->option_text("(required)")
      ->required();
  add_value(command, "--policy", spelt.policy, "The policy by which (default: the server's)",
            "NAME");
  add_value(command, "--nonce", spelt.nonce, "Ask for this nonce of 8 to 64 bytes", "HEX");
  add_value(command, "--nonce-size", request.nonce_size,
            "Let the server choose one of so many bytes (default: 32)", "N");
  add_value(command, "--evidence-command", request.evidence_command,
            "Shell command that writes a report; has the nonce in KEYSTONE_NONCE and on its input",
            "CMD");
  add_value(command, "--evidence-timeout", request.evidence_timeout,
            "What that command has, 1 to 3600 seconds (default: 60)", "N");
  add_value(command, "--evidence", request.evidence,
            "A report that is there already; - reads standard input", "FILE");
  declare_emulated_attester(command, request.emulate, spelt.emulate);
  add_tls(command, request);
  add_value(command, "--ear-key", request.ear_key,
            "Believe results under this key: JWK, JWK set or PEM (default: the server's set)",
            "FILE");
  add_value(command, "--ear-out", request.ear_out, "Write the result, a signed token, to a file",
            "FILE");
  add_value(command, "--timeout", request.timeout,
            "What each request to the server has, 1 to 3600 seconds (default: 10)", "N");
  add_value(command, "--retries", request.retries,
            "How often to try again what found no server or a busy one, 0 to 20 (default: 4)", "N");
  add_common(command, spelt.common, true);
  command.get_option("--quiet")->description("The first line of the answer only, and no warnings");
}

Result<AttestationRequest> read_request(const Spelling& spelt, Instant clock) {
  const RequestSpelling& request = spelt.request;
  if (request.certificate.empty() != request.key.empty()) {
    return usage(request.key.empty() ? "--cert: given without --key"
                                     : "--key: given without --cert");
  }
  const std::string files[] = {request.evidence, request.ca,         request.certificate,
                               request.key,      request.token_file, request.ear_key};
  if (std::count(std::begin(files), std::end(files), "-") > 1) {
    return usage("standard input can be one of the inputs only");
  }
  KEYSTONE_TRY(auto evidence, evidence_source(spelt));
  KEYSTONE_TRY(auto nonce, nonce_of(spelt));
  KEYSTONE_TRY(const auto nonce_size, number_if_given("--nonce-size", request.nonce_size,
                                                      {Nonce::kMinSize, Nonce::kMaxSize}));
  KEYSTONE_TRY(const auto timeout, number_if_given("--timeout", request.timeout, kTimes));
  KEYSTONE_TRY(const auto retries, number_if_given("--retries", request.retries, {0, 20}));
  return AttestationRequest{spelt.common,
                            request.url,
                            spelt.policy,
                            static_cast<std::size_t>(nonce_size.value_or(Nonce::kDefaultSize)),
                            std::move(nonce),
                            std::move(evidence),
                            request.ca,
                            request.certificate,
                            request.key,
                            request.token_file,
                            request.ear_key,
                            request.ear_out,
                            std::chrono::seconds(timeout.value_or(kTimeout)),
                            static_cast<unsigned>(retries.value_or(kRetries)),
                            clock};
}

}  // namespace keystone::cli::attest
