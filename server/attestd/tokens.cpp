// SPDX-License-Identifier: Apache-2.0
#include "attestd/tokens.hpp"

#include "attestd/private_file.hpp"
#include "keystone/crypto/random.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace keystone::server::attestd {
namespace {

constexpr const char* kFirstToken = "admin.token";
constexpr std::string_view kActor = "console";  // who has the state folder, and so everything

AuditEvent event_of(std::string_view kind, const nlohmann::ordered_json& body, Instant now) {
  return {now, std::string(kind), std::string(kActor),
          body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

TokenRecord record_of(const TokenRequest& request, const TokenHash& hash, Instant now) {
  std::array<std::uint8_t, 8> id{};
  fill_random(id);
  return {hex::encode(id), hash,        std::string(to_string(request.role)), request.label, now,
          request.expires, std::nullopt};
}

Status add(Store& store, const TokenRecord& record, Instant now) {
  nlohmann::ordered_json body{{"id", record.id}, {"role", record.role}, {"label", record.label}};
  if (record.expires) {
    body["expires"] = keystone::to_string(*record.expires);
  }
  return store.add_token(record, event_of("token.add", body, now));
}

Status replace_file(const StateFolder& state, std::string_view token) {
  if (::unlinkat(state.folder().get(), kFirstToken, 0) != 0 && errno != ENOENT) {
    return fail(ErrorCode::unwritable,
                state.path_of(kFirstToken) + ": cannot remove: " + std::strerror(errno));
  }
  SecretBytes line(token.size() + 1);
  std::copy(token.begin(), token.end(), line.bytes().begin());
  line.bytes().back() = '\n';
  return write_private_file(state.folder(), kFirstToken, state.path_of(kFirstToken), line.bytes());
}

}  // namespace

Result<IssuedToken> issue_token(Store& store, const TokenRequest& request, Instant now) {
  auto token = BearerToken::generate(fill_random);
  KEYSTONE_TRY(const auto hash, hash_of_token(token.expose_text()));
  const TokenRecord record = record_of(request, hash, now);
  KEYSTONE_CHECK_OK(add(store, record, now));
  return IssuedToken{record.id, std::move(token)};
}

Result<bool> revoke_token(Store& store, const std::string& id, Instant now) {
  return store.revoke_token(id, now, event_of("token.revoke", {{"id", id}}, now));
}

Result<bool> make_first_token(Store& store, const StateFolder& state, Instant now) {
  KEYSTONE_TRY(const auto tokens, store.tokens());
  if (!tokens.empty()) {
    return false;
  }
  const auto token = BearerToken::generate(fill_random);
  KEYSTONE_TRY(const auto hash, hash_of_token(token.expose_text()));
  // The file first: a token that nobody has would count as one.
  KEYSTONE_CHECK_OK(replace_file(state, token.expose_text()));
  KEYSTONE_CHECK_OK(add(store, record_of({Role::admin, "first start", {}}, hash, now), now));
  return true;
}

}  // namespace keystone::server::attestd
