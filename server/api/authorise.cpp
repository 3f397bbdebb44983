// SPDX-License-Identifier: Apache-2.0
#include "api/authorise.hpp"

#include "api/token.hpp"
#include "keystone/crypto/mac.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

constexpr std::size_t kLongestToken = 256;
constexpr std::string_view kScheme = "bearer ";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// RFC 6750, section 3.
tl::unexpected<Problem> unauthorised(std::string detail, std::string_view challenge) {
  Problem problem(401, std::move(detail));
  problem.headers.push_back({"WWW-Authenticate", std::string(challenge)});
  return tl::unexpected<Problem>(std::move(problem));
}

// One answer for whatever is wrong with a token: none, unknown, revoked, expired.
tl::unexpected<Problem> bad_token() {
  return unauthorised("authorization: got no token that counts",
                      R"(Bearer realm="keystone-attestd", error="invalid_token")");
}

bool counts(const TokenRecord& token, Instant now) {
  return !token.revoked && (!token.expires || now <= *token.expires);
}

Answer<Caller> caller_of_token(const Core& core, std::string_view text) {
  KEYSTONE_TRY(const auto hash, hash_of_token(text));
  KEYSTONE_TRY(const auto found, stored(core.store().find_token(hash)));
  if (!found || !equal_in_constant_time(found->hash.bytes(), hash.bytes()) ||
      !counts(*found, core.now())) {
    return bad_token();
  }
  const auto role = parse_role(found->role);
  if (!role) {
    return bad_token();
  }
  return Caller{role, "token:" + found->id};
}

Answer<Caller> identify(const Core& core, const ServiceOptions& options,
                        const http::Request& request) {
  if (request.header("Authorization") != nullptr) {
    const auto token = bearer_token(request);
    return token ? caller_of_token(core, *token) : bad_token();
  }
  const auto& subject = request.peer.certificate_subject;
  if (subject) {
    if (const auto role = options.certificate_roles.find(*subject);
        role != options.certificate_roles.end()) {
      return Caller{role->second, "certificate:" + *subject};
    }
  }
  return Caller();
}

// The role that `access` needs; nothing if it needs none.
std::optional<Role> needed(Access access, const ServiceOptions& options) {
  switch (access) {
    case Access::anyone:
      return std::nullopt;
    case Access::attester:
      return options.anonymous_attesters ? std::nullopt : std::optional(Role::verifier);
    case Access::metrics:
      return options.anonymous_metrics ? std::nullopt : std::optional(Role::operator_);
    case Access::verifier:
      return Role::verifier;
    case Access::operator_:
      return Role::operator_;
  }
  return Role::admin;
}

}  // namespace

std::optional<std::string_view> bearer_token(const http::Request& request) {
  const std::string* const value = request.header("Authorization");
  if (value == nullptr || request.has_twice("Authorization") || value->size() <= kScheme.size() ||
      value->size() > kScheme.size() + kLongestToken ||
      !std::equal(kScheme.begin(), kScheme.end(), value->begin(),
                  [](char want, char got) { return want == lower(got); })) {
    return std::nullopt;
  }
  return std::string_view(*value).substr(kScheme.size());
}

Answer<Caller> authorise(const Core& core, const ServiceOptions& options,
                         const http::Request& request, Access access) {
  if (access == Access::anyone) {
    return Caller();
  }
  KEYSTONE_TRY(auto caller, identify(core, options, request));
  const auto role = needed(access, options);
  if (!role) {
    return caller;
  }
  if (!caller.role) {
    return unauthorised("authorization: missing, want a bearer token",
                        R"(Bearer realm="keystone-attestd")");
  }
  if (!includes(*caller.role, *role)) {
    return refuse(403, "role: got " + std::string(to_string(*caller.role)) + ", want " +
                           std::string(to_string(*role)));
  }
  return caller;
}

}  // namespace keystone::server
