// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/channel/keystone_demo.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <sodium.h>

namespace keystone::testing {

// X25519 keys made from a label: the same in every run.
struct ChannelKeys {
  std::array<std::uint8_t, crypto_kx_PUBLICKEYBYTES> public_key{};
  std::array<std::uint8_t, crypto_kx_SECRETKEYBYTES> secret_key{};

  explicit ChannelKeys(std::string_view label);
};

// The enclave's end of a keystone-demo session. Aborts for what no right client sends.
class EnclaveSession {
 public:
  EnclaveSession(const ChannelKeys& own, ByteView client_key);

  [[nodiscard]] channel::keystone_demo::Message open(ByteView payload) const;
  [[nodiscard]] std::vector<std::uint8_t> seal_reply(std::int32_t reply) const;

 private:
  std::array<std::uint8_t, crypto_kx_SESSIONKEYBYTES> from_client_{};
  std::array<std::uint8_t, crypto_kx_SESSIONKEYBYTES> to_client_{};
};

}  // namespace keystone::testing
