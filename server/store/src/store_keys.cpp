// SPDX-License-Identifier: Apache-2.0
// The public keys of all nodes.
#include "store_impl.hpp"

namespace keystone::server {
namespace {

const std::string kPublish =
    "INSERT INTO public_keys (kid, jwk, node, not_before, not_after) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (kid) DO UPDATE SET node = excluded.node, not_before = excluded.not_before,"
    " not_after = excluded.not_after WHERE public_keys.jwk = excluded.jwk";
const std::string kList =
    "SELECT kid, jwk, node, not_before, not_after FROM public_keys WHERE not_after >= $1"
    " ORDER BY kid";

}  // namespace

Status Store::publish_key(const PublicKeyRecord& key) {
  KEYSTONE_CHECK_OK(check_texts({{"kid", key.kid}, {"jwk", key.jwk}, {"node", key.node}}));
  return impl_->writer.write([&](Changes& changes) -> Status {
    KEYSTONE_TRY(const Rows rows,
                 changes.run(kPublish, value_of(key.kid), value_of(key.jwk), value_of(key.node),
                             value_of(key.not_before), value_of(key.not_after)));
    if (rows.affected != 1) {
      return fail(ErrorCode::usage, "kid: got that of another key, want one of its own");
    }
    return {};
  });
}

Result<std::vector<PublicKeyRecord>> Store::keys(Instant now) const {
  KEYSTONE_TRY(auto rows, impl_->reader.run(kList, value_of(now)));
  return read_all<PublicKeyRecord>("public key", rows, [](RowReader& row) {
    PublicKeyRecord key;
    key.kid = row.text();
    key.jwk = row.text();
    key.node = row.text();
    key.not_before = row.time();
    key.not_after = row.time();
    return key;
  });
}

}  // namespace keystone::server
