// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frame_link.hpp"
#include "session.hpp"
#include <keystone/report/report.hpp>
#include <keystone/verifier/challenge.hpp>

#include <string_view>

namespace demo {

// What the server sent, and what was asked of it. Not a word of it counts before the verdict.
struct Offer {
  keystone::Report report;
  keystone::Challenge challenge;
  std::vector<std::uint8_t> enclave_key;  // as claimed
};

// keystone-demo's own handshake: the server sends a report whose data is the enclave's key. Nobody
// was asked anything: no challenge can know the data before, and a recording looks the same. So the
// checks `report_data` and `freshness` fail, unless the policy waives them.
[[nodiscard]] keystone::Result<Offer> plain_handshake(FrameLink& link, Deadline deadline);

// Names what is bound: this handshake, the key exchange and the cipher behind it.
inline constexpr std::string_view kSuite = "keystone-demo-bind/1 crypto_kx crypto_secretbox";

// The handshake that --bind asks for (README.md): the client sends a nonce and its key first, and
// the data of the report bind the whole handshake. The challenge is good until `lifetime` is over.
[[nodiscard]] keystone::Result<Offer> bound_handshake(FrameLink& link, const ClientKey& client_key,
                                                      Deadline deadline,
                                                      std::chrono::seconds lifetime);

}  // namespace demo
