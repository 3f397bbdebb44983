// SPDX-License-Identifier: Apache-2.0
#include "api/session.hpp"

#include "keystone/base/base64.hpp"
#include "keystone/crypto/mac.hpp"

#include <algorithm>
#include <vector>

namespace keystone::server {
namespace {

constexpr std::string_view kLabel = "keystone-attest/session/v1";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kCallersNonce = 1;
constexpr std::size_t kTagSize = 32;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestId = 1024;  // in base64url; those that are sealed are far below

using Bytes = std::vector<std::uint8_t>;
using Tag = std::array<std::uint8_t, 64>;

void put_number(Bytes& bytes, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

void put_sized(Bytes& bytes, ByteView field) {
  bytes.push_back(static_cast<std::uint8_t>(field.size()));
  bytes.insert(bytes.end(), field.begin(), field.end());
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<Tag> tag_of(ByteView fields, SealingKey key) {
  Bytes message(kLabel.begin(), kLabel.end());
  message.insert(message.end(), fields.begin(), fields.end());
  Tag tag{};
  KEYSTONE_CHECK_OK(hmac_sha3_512(key, message, tag));
  return tag;
}

// Takes fields off the front. What was sealed here is as it should be, so that this only has to be
// safe where it is not.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  ByteView take(std::size_t size) {
    failed_ = failed_ || size > rest_.size();
    const ByteView field = failed_ ? ByteView() : rest_.first(size);
    rest_ = rest_.subspan(field.size());
    return field;
  }
  std::uint8_t byte() {
    const ByteView field = take(1);
    return failed_ ? std::uint8_t{0} : field[0];
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(8)) {
      value |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }
  Instant instant() { return Instant(std::chrono::seconds(static_cast<std::int64_t>(number()))); }
  [[nodiscard]] bool is_done() const { return !failed_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

std::optional<Session> read_fields(ByteView fields) {
  Reader reader(fields);
  const std::uint8_t version = reader.byte();
  const std::uint8_t flags = reader.byte();
  const ByteView serial = reader.take(Session::kSerialSize);
  const Instant issued = reader.instant();
  const Instant expires = reader.instant();
  const std::uint64_t revision = reader.number();
  const auto nonce = Nonce::from(reader.take(reader.byte()));
  const ByteView name = reader.take(reader.byte());
  if (!reader.is_done() || version != kVersion || flags > kCallersNonce || !nonce) {
    return std::nullopt;
  }
  Session session{{},     *nonce,  flags == kCallersNonce,
                  issued, expires, {std::string(name.begin(), name.end()), revision}};
  std::copy(serial.begin(), serial.end(), session.serial.begin());
  return session;
}

}  // namespace

Result<std::string> seal_session(const Session& session, SealingKey key) {
  if (session.policy.name.size() > kLongestName) {
    return fail(ErrorCode::usage, "policy: got " + std::to_string(session.policy.name.size()) +
                                      " bytes, want at most " + std::to_string(kLongestName));
  }
  Bytes bytes = {kVersion, session.callers_nonce ? kCallersNonce : std::uint8_t{0}};
  bytes.insert(bytes.end(), session.serial.begin(), session.serial.end());
  put_number(bytes, static_cast<std::uint64_t>(session.issued.time_since_epoch().count()));
  put_number(bytes, static_cast<std::uint64_t>(session.expires.time_since_epoch().count()));
  put_number(bytes, session.policy.revision);
  put_sized(bytes, session.nonce.bytes());
  put_sized(bytes, bytes_of(session.policy.name));
  KEYSTONE_TRY(const Tag tag, tag_of(bytes, key));
  bytes.insert(bytes.end(), tag.begin(), tag.begin() + kTagSize);
  return base64::encode(bytes, base64::Form::url);
}

Result<std::optional<Session>> open_session(std::string_view id, SealingKey key) {
  if (id.size() > kLongestId) {
    return std::optional<Session>();
  }
  const auto bytes = base64::decode("session", id, base64::Form::url);
  if (!bytes || bytes->size() < kTagSize) {
    return std::optional<Session>();
  }
  const ByteView sealed = *bytes;
  const ByteView fields = sealed.first(sealed.size() - kTagSize);
  KEYSTONE_TRY(const Tag tag, tag_of(fields, key));
  if (!equal_in_constant_time(sealed.last(kTagSize), ByteView(tag).first(kTagSize))) {
    return std::optional<Session>();
  }
  return read_fields(fields);
}

}  // namespace keystone::server
