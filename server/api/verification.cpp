// SPDX-License-Identifier: Apache-2.0
#include "api/verification.hpp"

#include "api/evidence.hpp"
#include "api/json_text.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"
#include "keystone/crypto/digest.hpp"

namespace keystone::server {
namespace {

constexpr std::string_view kDataLabel = "keystone-attest/data/v1";
constexpr std::size_t kLargestRequest = std::size_t{64} << 10U;  // bytes of JSON

using Bytes = std::vector<std::uint8_t>;

// What the caller asked for, and the nonce that stands for it: an answer uses that up.
struct Asked {
  Challenge challenge;
  Nonce nonce;
};

// Data that could be a nonce is one: whoever asks for the same bytes under another name gets them
// once all the same. Data of another length stand under their digest.
Result<Nonce> nonce_of_data(ByteView data) {
  if (auto nonce = Nonce::from(data)) {
    return nonce;
  }
  Bytes text(kDataLabel.begin(), kDataLabel.end());
  text.insert(text.end(), data.begin(), data.end());
  KEYSTONE_TRY(const auto digest, sha3_512(text));
  return Nonce::from(digest.bytes());
}

Result<Asked> asked_of(std::string_view kind, const Bytes& value) {
  if (kind == "data") {
    KEYSTONE_TRY(const auto challenge, Challenge::exact_data(value));
    KEYSTONE_TRY(const auto nonce, nonce_of_data(value));
    return Asked{challenge, nonce};
  }
  if (kind == "channel") {
    KEYSTONE_TRY(const auto binding, ChannelBinding::from("challenge.value", value));
    KEYSTONE_TRY(const auto nonce, Nonce::from(value));
    return Asked{Challenge::bound_to(binding), nonce};
  }
  if (kind != "nonce" && kind != "nonce_prefix") {
    return fail(ErrorCode::malformed, "challenge.kind: got '" + printable(kind) +
                                          "', want nonce, nonce_prefix, data or channel");
  }
  KEYSTONE_TRY(const auto nonce, Nonce::from(value));
  return Asked{kind == "nonce" ? Challenge::exact_nonce(nonce) : Challenge::nonce_prefix(nonce),
               nonce};
}

Result<std::optional<Instant>> instant_at(const JsonObject& object, std::string_view key) {
  if (!object.has(key)) {
    return std::optional<Instant>();
  }
  KEYSTONE_TRY(const auto text, object.string_at(key));
  KEYSTONE_TRY(const auto instant, parse_instant(object.path_of(key), text));
  return std::optional(instant);
}

Result<Question> read_challenge(const JsonObject& object, Instant remembered) {
  KEYSTONE_TRY(const auto kind, object.string_at("kind"));
  KEYSTONE_TRY(const auto digits, object.string_at("value"));
  KEYSTONE_TRY(const auto value, hex::decode("challenge.value", digits));
  KEYSTONE_TRY(const auto text, object.string_at("issued"));
  KEYSTONE_TRY(const auto issued, parse_instant("challenge.issued", text));
  KEYSTONE_TRY(const auto expires, instant_at(object, "expires"));
  KEYSTONE_CHECK_OK(object.no_others());
  KEYSTONE_TRY(const auto asked, asked_of(kind, value));
  const ByteView nonce = asked.nonce.bytes();
  return Question{asked.challenge,
                  {issued, expires, ChallengeTime::Standing::open},
                  {nonce.begin(), nonce.end()},
                  {{asked.nonce, remembered}},
                  {}};
}

Answer<Report> read_report(const JsonObject& root) {
  std::string type = evidence_media_types().front();
  if (root.has("media_type")) {
    KEYSTONE_TRY(type, root.string_at("media_type"));
  }
  KEYSTONE_TRY(const auto digits, root.string_at("evidence"));
  KEYSTONE_TRY(const auto bytes, base64::decode("evidence", digits, base64::Form::standard));
  return read_evidence(type, bytes);
}

Answer<PolicyRef> read_policy(Core& core, const JsonObject& root) {
  if (!root.has("policy")) {
    return core.policies.choose(nullptr);
  }
  KEYSTONE_TRY(const auto name, root.string_at("policy"));
  return core.policies.choose(&name);
}

}  // namespace

Answer<VerificationRequest> parse_verification(Core& core, const ServiceOptions& options,
                                               std::string_view text) {
  JsonLimits limits;
  limits.max_bytes = kLargestRequest;
  limits.max_values = 100;
  KEYSTONE_TRY(const auto root, parse_json_object(text, limits));
  KEYSTONE_TRY(const auto challenge, root.object_at("challenge"));
  KEYSTONE_TRY(auto question, read_challenge(challenge, remembered_until(core, options)));
  KEYSTONE_TRY(auto report, read_report(root));
  KEYSTONE_TRY(question.policy, read_policy(core, root));
  KEYSTONE_CHECK_OK(root.no_others());
  return VerificationRequest{std::move(report), std::move(question)};
}

std::string to_json(const Appraisal& appraisal) {
  const NewResult& result = appraisal.result();
  JsonText json;
  json.add("id", result.id);
  json.add("accepted", result.accepted);
  json.add("ear", result.ear);
  json.add_json("verdict", result.verdict);
  return std::move(json).object();
}

}  // namespace keystone::server
