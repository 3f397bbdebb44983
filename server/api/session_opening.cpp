// SPDX-License-Identifier: Apache-2.0
// How a session begins, and how it looks.
#include "api/evidence.hpp"
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "api/session_parts.hpp"
#include "keystone/base/base64.hpp"
#include "keystone/base/number.hpp"

namespace keystone::server {
namespace {

constexpr std::string_view kMediaType = "application/vnd.veraison.challenge-response-session+json";
constexpr std::size_t kUsualBody = 512;  // bytes, of a session without its result
constexpr std::string_view kSessions = "/challenge-response/v1/session/";

// Of our nonces. Longer than any session's lifetime, which the session itself limits.
constexpr std::chrono::seconds kNonceLifetime{3600};

// Clients differ in how they spell it.
Result<Nonce> parse_nonce(const std::string& text) {
  KEYSTONE_TRY(const auto bytes, base64::decode_any("nonce", text));
  return Nonce::from(bytes);
}

Answer<Nonce> nonce_for(const Core& core, const Query& query) {
  const std::string* const given = query.find("nonce");
  const std::string* const size = query.find("nonceSize");
  if (given != nullptr && size != nullptr) {
    return refuse(400, "query: got nonce and nonceSize, want one of them");
  }
  if (given != nullptr) {
    KEYSTONE_TRY(const auto nonce, parse_nonce(*given));
    return nonce;
  }
  std::uint64_t bytes = Nonce::kDefaultSize;
  if (size != nullptr) {
    KEYSTONE_TRY(bytes, parse_unsigned("nonceSize", *size, {Nonce::kMinSize, Nonce::kMaxSize}));
  }
  KEYSTONE_TRY(const auto issuer, issuer_for(core, static_cast<std::size_t>(bytes)));
  KEYSTONE_TRY(const auto nonce, issuer.issue(core.now(), core.parts.random));
  return nonce;
}

}  // namespace

Result<ChallengeIssuer> issuer_for(const Core& core, std::size_t nonce_size) {
  return ChallengeIssuer::create(core.secrets.expose_issuer_key(), {nonce_size, kNonceLifetime});
}

http::Response session_response(const Call& call, const Session& session, unsigned status,
                                std::string_view state, const std::string* ear) {
  const auto form = call.options->nonce_spelling == NonceSpelling::base64 ? base64::Form::standard
                                                                          : base64::Form::url;
  JsonText body(kUsualBody + (ear != nullptr ? ear->size() : 0));
  body.add("nonce", base64::encode(session.nonce.bytes(), form));
  body.add("expiry", keystone::to_string(session.expires));
  body.add("accept", evidence_media_types());
  body.add("status", state);  // what Veraison's code reads
  body.add("state", state);   // what its documents say
  if (ear != nullptr) {
    body.add("result", *ear);
  }
  return answer_with(status, std::move(body).object(), kMediaType);
}

Answer<http::Response> new_session(Call& call) {
  Core& core = *call.core;
  KEYSTONE_TRY(const auto query,
               Query::parse(call.request.query, {"nonce", "nonceSize", "policy"}));
  KEYSTONE_TRY(const auto nonce, nonce_for(core, query));
  KEYSTONE_TRY(auto policy, core.policies.choose(query.find("policy")));
  const Instant now = core.now();
  Session session{{},
                  nonce,
                  query.find("nonce") != nullptr,
                  now,
                  now + call.options->session_lifetime,
                  std::move(policy)};
  core.parts.random(session.serial);
  KEYSTONE_TRY(const auto id, seal_session(session, core.secrets.expose_sealing_key()));
  if (!core.sessions.add(session.expires, now, call.options->max_open_sessions)) {
    Problem full(503, "sessions: as many are open as may be");
    full.headers.push_back({"Retry-After", std::to_string(call.options->session_lifetime.count())});
    return fail(std::move(full));
  }
  core.metrics.count_session();
  call.handled.session = session.name();
  auto response = session_response(call, session, 201, "waiting", nullptr);
  response.headers.push_back({"Location", std::string(kSessions) + id});
  return response;
}

}  // namespace keystone::server
