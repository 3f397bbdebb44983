// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/result.hpp"
#include "keystone/channel/frames.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// The handshakes of VTT's schannel-demo and wasm-demo, over TCP:
//
//   client: length of the nonce || nonce || public key
//   server: length of the public key || public key || compact report
//
// What their channel does not say: the server's key pair is made after the report, which therefore
// binds neither key. A man in the middle who passes the report on is not noticed.
//
// Sources: vector-sdk/schannel-demo 0bacc8e (schannel-host/src/main.rs, and the client),
// vector-sdk/wasm-demo a404a09 (wasm-host/src/lib.rs, wasm-client/src/lib.rs). At both ends those
// programs take a hello out of one read(), and so understand it only when it was sent in one piece.
namespace keystone::channel::schannel {

inline constexpr std::uint16_t kPort = 3333;

// Which demo. They differ only in how a length is written.
enum class Dialect : std::uint8_t {
  schannel,  // u8
  wasm,      // u16, little-endian
};

[[nodiscard]] LengthPrefix length_prefix(Dialect dialect);

// What the client sends against replays. The hosts of both demos attest 9 bytes of which they copy
// only the first 8 from here and leave the last one 0: that is the data of their reports.
using Nonce = FixedBytes<struct NonceRole, 9>;

// A P-384 public key as SEC1 writes a point uncompressed: 0x04, then both coordinates. Whether they
// are those of a point on the curve is for whoever computes with it.
class PublicKey {
 public:
  static constexpr std::size_t kSize = 97;
  static constexpr std::uint8_t kUncompressed = 0x04;

  // Fails with `malformed` unless there are 97 bytes, of which the first is 0x04.
  [[nodiscard]] static Result<PublicKey> from(ByteView bytes);

  // The bytes, as long as this object lives.
  [[nodiscard]] std::span<const std::uint8_t, kSize> bytes() const { return bytes_.bytes(); }

  friend bool operator==(const PublicKey&, const PublicKey&) = default;

 private:
  using Bytes = FixedBytes<struct PublicKeyRole, kSize>;
  explicit PublicKey(Bytes bytes) : bytes_(bytes) {}
  Bytes bytes_;
};

// Of a compact report all that tells where it ends: 328 + data_len bytes, data_len a u64 at offset
// 64. Nothing else of it is read here, and nothing is verified.
inline constexpr std::size_t kReportOverhead = 328;  // bytes, all but the data
inline constexpr std::size_t kReportDataLength = 64;
inline constexpr std::size_t kReportData = 72;
inline constexpr std::size_t kMaxReportData = 1024;  // bytes; ATTEST_DATA_MAXLEN of Keystone

struct ClientHello {
  Nonce nonce;
  PublicKey public_key;
};

struct ServerHello {
  PublicKey public_key;
  std::vector<std::uint8_t> report;  // compact, as it came
};

// The client's hello of the extension in examples/README.md, by which a report binds the channel:
// as above, but for a nonce long enough for keystone/crypto/channel_binding.hpp.
using BoundNonce = FixedBytes<struct BoundNonceRole, 32>;
struct BoundClientHello {
  BoundNonce nonce;
  PublicKey public_key;
};

[[nodiscard]] std::vector<std::uint8_t> encode(Dialect dialect, const ClientHello& hello);
[[nodiscard]] std::vector<std::uint8_t> encode(Dialect dialect, const BoundClientHello& hello);

// Fails with `malformed` unless the report's size is what its data_len says, at most 1352 bytes.
[[nodiscard]] Result<std::vector<std::uint8_t>> encode(Dialect dialect, const ServerHello& hello);

// Takes a ClientHello, a BoundClientHello or a ServerHello out of a stream; how its bytes are cut
// does not matter.
// Memory: exactly the bytes of the hello so far, at most kMaxHeld.
template <class Hello>
class HelloDecoder {
 public:
  static constexpr std::size_t kMaxHeld =
      size_of(LengthPrefix::u16_le) + PublicKey::kSize + kReportOverhead + kMaxReportData;

  explicit HelloDecoder(Dialect dialect) : prefix_(length_prefix(dialect)) {}

  // Takes in the stream's next bytes up to the hello's end, and says how many it took: the others
  // belong to what follows. Fails with `malformed` at the first byte that no hello can have there
  // (a length other than the demo's, a key that is not uncompressed, a data_len over 1024), and
  // from then on always.
  [[nodiscard]] Result<std::size_t> feed(ByteView bytes);

  // The hello, or `std::nullopt`: it needs more bytes. Fails as feed() did.
  [[nodiscard]] Result<std::optional<Hello>> hello() const;

  // For the end of the stream: `malformed` if that cuts the hello, the decoder's failure if it has
  // failed.
  [[nodiscard]] Status finish() const;

  // Bytes of the stream in memory.
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  LengthPrefix prefix_;
  std::vector<std::uint8_t> held_;
  bool complete_ = false;
  std::optional<Error> failure_;
};

extern template class HelloDecoder<ClientHello>;
extern template class HelloDecoder<BoundClientHello>;
extern template class HelloDecoder<ServerHello>;

// The hello that is exactly `bytes`, else `malformed`.
[[nodiscard]] Result<ClientHello> decode_client_hello(Dialect dialect, ByteView bytes);
[[nodiscard]] Result<ServerHello> decode_server_hello(Dialect dialect, ByteView bytes);

}  // namespace keystone::channel::schannel
