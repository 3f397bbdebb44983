// SPDX-License-Identifier: Apache-2.0
#include "keystone/channel/schannel.hpp"

#include "little_endian.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace keystone::channel::schannel {
namespace {

static_assert(kReportData == kReportDataLength + sizeof(std::uint64_t));

tl::unexpected<Error> mismatch(std::string_view field, std::uint64_t got, const std::string& want) {
  return fail(ErrorCode::malformed,
              std::string(field) + ": got " + std::to_string(got) + ", want " + want);
}

Status check_length(std::string_view field, ByteView prefix, std::size_t want) {
  const std::uint64_t got = detail::read_little_endian(prefix);
  return got == want ? Status() : mismatch(field, got, std::to_string(want));
}

Status check_form(std::uint8_t first) {
  return first == PublicKey::kUncompressed
             ? Status()
             : mismatch("public key, first byte", first, "4, an uncompressed point");
}

// The size that a report of 72 bytes or more gives itself.
Result<std::size_t> size_of_report(ByteView report) {
  const std::uint64_t data_size =
      detail::read_little_endian(report.first(kReportData).subspan(kReportDataLength));
  if (data_size > kMaxReportData) {
    return mismatch("data_len", data_size, "at most " + std::to_string(kMaxReportData));
  }
  return kReportOverhead + static_cast<std::size_t>(data_size);
}

// How a hello is put together behind its length prefix.
struct Shape {
  std::string_view length_field;  // what the prefix is the length of
  std::size_t length;             // the only one there is
  std::size_t key_offset;         // of the public key, from the prefix's end
  bool report_follows;            // behind the key
};
constexpr Shape kClientShape{"nonce length", Nonce::kSize, Nonce::kSize, false};
constexpr Shape kBoundClientShape{"nonce length", BoundNonce::kSize, BoundNonce::kSize, false};
constexpr Shape kServerShape{"public key length", PublicKey::kSize, 0, true};

template <class Hello>
constexpr const Shape& kShape = kClientShape;
template <>
constexpr const Shape& kShape<BoundClientHello> = kBoundClientShape;
template <>
constexpr const Shape& kShape<ServerHello> = kServerShape;

// Checks what is there, and says how many bytes from the start must be there before more can be
// said. That is held.size() itself when the hello is complete.
Result<std::size_t> next_stop(const Shape& shape, LengthPrefix prefix, ByteView held) {
  if (held.size() < size_of(prefix)) {
    return size_of(prefix);
  }
  KEYSTONE_CHECK_OK(check_length(shape.length_field, held.first(size_of(prefix)), shape.length));
  const std::size_t key = size_of(prefix) + shape.key_offset;
  if (held.size() <= key) {
    return key + 1;
  }
  KEYSTONE_CHECK_OK(check_form(held[key]));
  const std::size_t report = key + PublicKey::kSize;
  if (!shape.report_follows) {
    return report;
  }
  if (held.size() < report + kReportData) {
    return report + kReportData;
  }
  KEYSTONE_TRY(const auto report_size, size_of_report(held.subspan(report)));
  return report + report_size;
}

// What is in a complete hello, from its prefix's end.
template <class Hello>
Result<Hello> read(ByteView parts);

template <>
Result<ClientHello> read(ByteView parts) {
  KEYSTONE_TRY(const auto key, PublicKey::from(parts.subspan(Nonce::kSize)));
  return ClientHello{Nonce(parts.first<Nonce::kSize>()), key};
}

template <>
Result<BoundClientHello> read(ByteView parts) {
  KEYSTONE_TRY(const auto key, PublicKey::from(parts.subspan(BoundNonce::kSize)));
  return BoundClientHello{BoundNonce(parts.first<BoundNonce::kSize>()), key};
}

template <>
Result<ServerHello> read(ByteView parts) {
  KEYSTONE_TRY(const auto key, PublicKey::from(parts.first(PublicKey::kSize)));
  const ByteView report = parts.subspan(PublicKey::kSize);
  return ServerHello{key, {report.begin(), report.end()}};
}

std::vector<std::uint8_t> encode_client(Dialect dialect, ByteView nonce, const PublicKey& key) {
  std::vector<std::uint8_t> bytes;
  detail::append_little_endian(bytes, nonce.size(), size_of(length_prefix(dialect)));
  detail::append(bytes, nonce);
  detail::append(bytes, key.bytes());
  return bytes;
}

template <class Hello>
Result<Hello> decode(Dialect dialect, ByteView bytes) {
  HelloDecoder<Hello> decoder(dialect);
  KEYSTONE_TRY(const auto taken, decoder.feed(bytes));
  KEYSTONE_CHECK_OK(decoder.finish());
  if (taken != bytes.size()) {
    return mismatch("hello size", bytes.size(), std::to_string(taken));
  }
  KEYSTONE_TRY(auto hello, decoder.hello());
  return *std::move(hello);
}

}  // namespace

LengthPrefix length_prefix(Dialect dialect) {
  switch (dialect) {
    case Dialect::schannel:
      return LengthPrefix::u8;
    case Dialect::wasm:
      return LengthPrefix::u16_le;
  }
  KEYSTONE_ASSERT(false);
}

Result<PublicKey> PublicKey::from(ByteView bytes) {
  KEYSTONE_TRY(const auto fixed, Bytes::from("public key", bytes));
  KEYSTONE_CHECK_OK(check_form(bytes.front()));
  return PublicKey(fixed);
}

std::vector<std::uint8_t> encode(Dialect dialect, const ClientHello& hello) {
  return encode_client(dialect, hello.nonce.bytes(), hello.public_key);
}

std::vector<std::uint8_t> encode(Dialect dialect, const BoundClientHello& hello) {
  return encode_client(dialect, hello.nonce.bytes(), hello.public_key);
}

Result<std::vector<std::uint8_t>> encode(Dialect dialect, const ServerHello& hello) {
  if (hello.report.size() < kReportData) {
    return mismatch("report size", hello.report.size(),
                    "at least " + std::to_string(kReportOverhead));
  }
  KEYSTONE_TRY(const auto report_size, size_of_report(hello.report));
  if (hello.report.size() != report_size) {
    return mismatch("report size", hello.report.size(), std::to_string(report_size));
  }
  std::vector<std::uint8_t> bytes;
  detail::append_little_endian(bytes, PublicKey::kSize, size_of(length_prefix(dialect)));
  detail::append(bytes, hello.public_key.bytes());
  detail::append(bytes, hello.report);
  return bytes;
}

template <class Hello>
Result<std::size_t> HelloDecoder<Hello>::feed(ByteView bytes) {
  if (failure_) {
    return fail(*failure_);
  }
  std::size_t taken = 0;
  while (!complete_) {
    const auto stop = next_stop(kShape<Hello>, prefix_, held_);
    if (!stop) {
      failure_ = stop.error();
      held_.clear();
      return fail(*failure_);
    }
    complete_ = *stop == held_.size();
    const std::size_t wanted = std::min(*stop - held_.size(), bytes.size() - taken);
    if (wanted == 0) {
      break;
    }
    detail::append(held_, bytes.subspan(taken, wanted));
    taken += wanted;
  }
  return taken;
}

template <class Hello>
Result<std::optional<Hello>> HelloDecoder<Hello>::hello() const {
  if (failure_) {
    return fail(*failure_);
  }
  if (!complete_) {
    return std::nullopt;
  }
  KEYSTONE_TRY(auto hello, read<Hello>(ByteView(held_).subspan(size_of(prefix_))));
  return std::optional<Hello>(std::move(hello));
}

template <class Hello>
Status HelloDecoder<Hello>::finish() const {
  if (failure_) {
    return fail(*failure_);
  }
  if (!complete_) {
    return fail(ErrorCode::malformed, "stream: got its end " + std::to_string(held_.size()) +
                                          " bytes into the hello, want it behind");
  }
  return {};
}

template class HelloDecoder<ClientHello>;
template class HelloDecoder<BoundClientHello>;
template class HelloDecoder<ServerHello>;

Result<ClientHello> decode_client_hello(Dialect dialect, ByteView bytes) {
  return decode<ClientHello>(dialect, bytes);
}

Result<ServerHello> decode_server_hello(Dialect dialect, ByteView bytes) {
  return decode<ServerHello>(dialect, bytes);
}

}  // namespace keystone::channel::schannel
