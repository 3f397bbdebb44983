// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/channel/schannel.hpp"
#include "stream.hpp"

namespace keystone::channel::schannel {

constexpr Dialect kDialects[] = {Dialect::schannel, Dialect::wasm};

// Bytes of the shapes that the protocols have, written here by hand.
inline Bytes key_bytes() {
  return joined({{0x04}, counting(96, 50)});
}

inline Bytes report_bytes(std::size_t data_size) {
  const Bytes data_length{static_cast<std::uint8_t>(data_size),
                          static_cast<std::uint8_t>(data_size >> 8U),
                          0,
                          0,
                          0,
                          0,
                          0,
                          0};
  return joined({counting(64, 3), data_length, counting(data_size, 5), counting(256, 7)});
}

inline Bytes length_bytes(Dialect dialect, std::uint8_t length) {
  return dialect == Dialect::wasm ? Bytes{length, 0} : Bytes{length};
}

inline Bytes client_bytes(Dialect dialect) {
  return joined({length_bytes(dialect, 9), counting(9), key_bytes()});
}

inline Bytes bound_client_bytes(Dialect dialect) {
  return joined({length_bytes(dialect, 32), counting(32), key_bytes()});
}

inline Bytes server_bytes(Dialect dialect, std::size_t data_size) {
  return joined({length_bytes(dialect, 97), key_bytes(), report_bytes(data_size)});
}

}  // namespace keystone::channel::schannel
