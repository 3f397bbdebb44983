// SPDX-License-Identifier: Apache-2.0
// What tells of the server itself.
#include "api/evidence.hpp"
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/openapi_text.hpp"

namespace keystone::server {
namespace {

constexpr std::string_view kDiscovery = "application/vnd.veraison.discovery+json";
constexpr std::string_view kKeySet = "application/jwk-set+json";  // RFC 7517, section 8.5.2

}  // namespace

http::Response answer_with(unsigned status, std::string body, std::string_view media_type) {
  http::Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", std::string(media_type)});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = std::move(body);
  return response;
}

// The members that Veraison's clients read (DiscoveryObject in veraison/apiclient @1d94d54).
Answer<http::Response> well_known(Call& call) {
  JsonText endpoints;
  endpoints.add("newChallengeResponseSession", "/challenge-response/v1/newSession");
  JsonText body;
  body.add_json("ear-verification-key", call.core->parts.signer->public_jwk());
  body.add("media-types", evidence_media_types());
  body.add("version", call.core->parts.version);
  body.add("service-state", "READY");
  body.add_json("api-endpoints", std::move(endpoints).object());
  return answer_with(200, std::move(body).object(), kDiscovery);
}

Answer<http::Response> jwks(Call& call) {
  KEYSTONE_TRY(const auto records, stored(call.core->store().keys(call.core->now())));
  std::vector<std::string> keys;
  for (const PublicKeyRecord& record : records) {
    keys.push_back(record.jwk);
  }
  JsonText body;
  body.add_json("keys", json_array(keys));
  return answer_with(200, std::move(body).object(), kKeySet);
}

Answer<http::Response> openapi(Call&) {
  return answer_with(200, std::string(kOpenApi), "application/vnd.oai.openapi+json");
}

// This process answers.
Answer<http::Response> healthz(Call&) {
  return answer_with(200, R"({"status":"ok"})");
}

// It can do its work, too.
Answer<http::Response> readyz(Call& call) {
  KEYSTONE_CHECK_OK(stored(call.core->store().is_ready()));
  return answer_with(200, R"({"status":"ready"})");
}

Answer<http::Response> metrics(Call& call) {
  const auto open = call.core->sessions.count(call.core->now());
  return answer_with(200, call.core->metrics.render(open), Metrics::kMediaType);
}

}  // namespace keystone::server
