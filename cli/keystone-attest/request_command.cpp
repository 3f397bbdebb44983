// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/input_file.hpp"
#include "common/program.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone-attest/request_evidence.hpp"
#include "keystone-attest/request_render.hpp"
#include "keystone/client/client.hpp"
#include "keystone/ear/relying_party.hpp"

#include <memory>

namespace keystone::cli::attest {
namespace {

constexpr std::uint64_t kMaxPemFile = std::uint64_t{1} << 20U;  // bytes
constexpr std::uint64_t kMaxTokenFile = 4096;

// Not registered with IANA.
constexpr std::string_view kBinaryType = "application/vnd.keystone.report";
constexpr std::string_view kJsonType = "application/vnd.keystone.report+json";

// To the client library nothing means "not given": an empty file of authorities would let it trust
// those of the system, and an empty token would be none.
tl::unexpected<Error> has_nothing(const std::string& path) {
  return fail(ErrorCode::malformed, path + ": got an empty file");
}

Result<std::string> text_if_given(const std::string& path, std::uint64_t most) {
  if (path.empty()) {
    return std::string();
  }
  KEYSTONE_TRY(const auto bytes, read_file(path, most));
  if (bytes.empty()) {
    return has_nothing(path);
  }
  return std::string(bytes.begin(), bytes.end());
}

// A secret file, wiped; a token without the line feed at its end.
Result<SecretBytes> secret_if_given(const std::string& path, std::uint64_t most, bool is_line) {
  if (path.empty()) {
    return SecretBytes();
  }
  KEYSTONE_TRY(auto bytes, read_file(path, most));
  std::size_t size = bytes.size();
  while (is_line && size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r')) {
    --size;
  }
  if (size == 0) {
    return has_nothing(path);
  }
  SecretBytes secret(size);
  std::copy_n(bytes.begin(), size, secret.bytes().begin());
  wipe(bytes);
  return secret;
}

Result<ClientOptions> client_options(const AttestationRequest& request) {
  ClientOptions options;
  options.origin = request.url;
  KEYSTONE_TRY(options.ca, text_if_given(request.ca, kMaxPemFile));
  KEYSTONE_TRY(options.certificate, text_if_given(request.certificate, kMaxPemFile));
  KEYSTONE_TRY(options.key, secret_if_given(request.key, kMaxPemFile, false));
  KEYSTONE_TRY(options.token, secret_if_given(request.token_file, kMaxTokenFile, true));
  options.timeout = request.timeout;
  options.retries = request.retries;
  return options;
}

// A set, one key, or a public key as OpenSSL writes it.
Result<JwkSet> parse_keys(const std::string& text) {
  if (text.starts_with("-----BEGIN")) {
    KEYSTONE_TRY(auto key, Es256PublicKey::from_pem(text));
    JwkSet set;
    KEYSTONE_CHECK_OK(set.add({"", std::move(key)}));
    return set;
  }
  if (auto jwk = parse_jwk(text)) {
    JwkSet set;
    KEYSTONE_CHECK_OK(set.add(*std::move(jwk)));
    return set;
  }
  return JwkSet::parse(text);
}

Result<JwkSet> pinned_keys(const std::string& path) {
  KEYSTONE_TRY(const auto text, text_if_given(path, JwkSet::kMaxText));
  auto keys = parse_keys(text);
  if (keys && keys->keys().empty()) {
    return fail(ErrorCode::malformed, path + ": got no key for ES256");
  }
  return keys ? std::move(keys) : Result<JwkSet>(fail(keys.error().within(path)));
}

SessionRequest session_request(const AttestationRequest& request) {
  SessionRequest session{request.nonce_size, request.policy};
  if (!request.nonce.empty()) {
    session.nonce = request.nonce;
  }
  return session;
}

Result<std::string> ask(AttestationClient& client, const ClientSession& session,
                        const Report& report) {
  // What is signed by nobody is memory of the monitor: it stays here.
  const std::string evidence = encode(report, report.format());
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(evidence.data()), evidence.size());
  return client.submit(session, bytes,
                       report.format() == ReportFormat::json ? kJsonType : kBinaryType);
}

Status write_out(const AttestationRequest& request, const AttestationResult& result,
                 const std::string& token) {
  if (!request.ear_out.empty()) {
    KEYSTONE_CHECK_OK(write_answer(request.ear_out, token + "\n"));
  }
  const CommonArguments& common = request.common;
  if (common.json) {
    return write_answer(common.output, show_result_json(result, token));
  }
  return write_answer(common.output, common.quiet ? summary(result) + "\n" : show_result(result));
}

std::vector<std::string> inputs_of(const AttestationRequest& request) {
  std::vector<std::string> inputs = {request.ca, request.certificate, request.key,
                                     request.token_file, request.ear_key};
  if (const auto* const file = std::get_if<EvidenceFile>(&request.evidence)) {
    inputs.push_back(file->path);
  } else if (const auto* const attester = std::get_if<EmulatedAttester>(&request.evidence)) {
    inputs.insert(inputs.end(), attester->inputs.begin(), attester->inputs.end());
  }
  return inputs;
}

// What to try where a report was rejected that cannot have been made for the nonce.
std::vector<std::string> hints_to_rejection(const AttestationRequest& request) {
  if (!std::holds_alternative<EvidenceFile>(request.evidence) || !request.nonce.empty()) {
    return {};
  }
  return {"the report of --evidence was there before the server's nonce: --nonce asks for its own"};
}

Result<int> run(const AttestationRequest& request, const Console& console) {
  const auto started = std::chrono::steady_clock::now();
  if (!request.ear_out.empty() && request.ear_out == request.common.output) {
    return fail(ErrorCode::usage, "--ear-out: got the file of --output, want another one");
  }
  KEYSTONE_CHECK_OK(refuse_overwriting(request.common.output, inputs_of(request)));
  KEYSTONE_CHECK_OK(refuse_overwriting(request.ear_out, inputs_of(request), "--ear-out"));
  KEYSTONE_TRY(auto options, client_options(request));
  KEYSTONE_TRY(auto client, AttestationClient::create(std::move(options)));
  auto keys = request.ear_key.empty() ? Result<JwkSet>(JwkSet()) : pinned_keys(request.ear_key);
  if (!keys) {
    return fail(keys.error());
  }
  KEYSTONE_TRY(const auto session, client.open_session(session_request(request)));
  KEYSTONE_TRY(const auto report, gather_evidence(request.evidence, session.nonce, console));
  console.warnings(warnings_about(report));
  KEYSTONE_TRY(const auto token, ask(client, session, report));
  if (request.ear_key.empty()) {
    KEYSTONE_TRY(*keys, client.fetch_keys());
  }
  // The clock was asked once, at the start: the command may have taken its time since.
  const auto since = std::chrono::steady_clock::now() - started;
  const Instant now = request.clock + std::chrono::floor<std::chrono::seconds>(since);
  auto result = read_ear_token(token, *keys, {session.nonce, now});
  if (!result) {
    return fail(result.error().within("the result cannot be believed"));
  }
  KEYSTONE_CHECK_OK(write_out(request, *result, token));
  if (result->accepted()) {
    return kExitDone;
  }
  console.hints(hints_to_rejection(request));
  return kExitNo;
}

}  // namespace

Result<RequestCommand> request_command(const Spelling& spelt, Instant clock) {
  KEYSTONE_TRY(auto read, read_request(spelt, clock));
  const auto request = std::make_shared<const AttestationRequest>(std::move(read));
  return RequestCommand{request->common,
                        [request](const Console& console) { return run(*request, console); }};
}

}  // namespace keystone::cli::attest
