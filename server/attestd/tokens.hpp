// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/role.hpp"
#include "api/token.hpp"
#include "attestd/state_folder.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

// Bearer tokens from the side of who runs the server.
namespace keystone::server::attestd {

inline constexpr std::size_t kMaxLabel = 128;  // bytes

struct TokenRequest {
  Role role;
  std::string label;               // what for: plain text of 1 to kMaxLabel bytes
  std::optional<Instant> expires;  // the last second
};

struct IssuedToken {
  std::string id;
  BearerToken token;
};

// Makes a token and stores its hash. Fails as the store does.
[[nodiscard]] Result<IssuedToken> issue_token(Store& store, const TokenRequest& request,
                                              Instant now);

// The token with that id counts no more. False if there is none, or it was revoked before.
[[nodiscard]] Result<bool> revoke_token(Store& store, const std::string& id, Instant now);

// Where the store has no token at all, makes one for an admin and writes it to DIR/admin.token,
// mode 0600: whether it did. If the process ends between the two, the next start does it again.
[[nodiscard]] Result<bool> make_first_token(Store& store, const StateFolder& state, Instant now);

}  // namespace keystone::server::attestd
