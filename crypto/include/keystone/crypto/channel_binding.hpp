// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"

#include <string_view>

namespace keystone {

// What an enclave puts into the data of its report so that the report holds for one channel only:
//
//   SHA3-512( "keystone-attest/channel/v1" 0x00 || lp(suite) || lp(client key) || lp(enclave key)
//             || lp(nonce) || lp(SHA3-512(earlier handshake bytes)) ),   lp(x) = u32le(|x|) || x
using ChannelBinding = FixedBytes<struct ChannelBindingRole, 64>;

// The handshake as both ends saw it. Views: what they show must live as long as this.
struct ChannelTranscript {
  std::string_view suite;       // names the key exchange and the cipher; not empty
  ByteView client_public_key;   // not empty
  ByteView enclave_public_key;  // not empty
  ByteView nonce;               // the client's, of 32 bytes or more, for this channel only
  ByteView earlier_handshake;   // all bytes before the report, both ways, in order; may be empty

  static constexpr std::size_t kMinNonce = 32;         // bytes
  static constexpr std::size_t kMaxField = 64 * 1024;  // bytes, of each of the first four
};

// The same on both ends: the client compares, the enclave attests. `usage` for a transcript that is
// not as described above, `internal` when the hash function cannot run.
[[nodiscard]] Result<ChannelBinding> bind_channel(const ChannelTranscript& transcript);

}  // namespace keystone
