// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/key_file.hpp"

#include "keystone/base/assert.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

namespace keystone {
namespace {

constexpr std::string_view kSchema = "keystone-device-key/1\n";
constexpr std::string_view kSeed = "seed ";
constexpr std::string_view kExpanded = "expanded ";

// Of a file that holds `bytes` bytes behind `word`.
constexpr std::size_t file_size(std::string_view word, std::size_t bytes) {
  return kSchema.size() + word.size() + 2 * bytes + 1;
}

constexpr std::size_t kSeedFile = file_size(kSeed, SecretKey::kSeedSize);
constexpr std::size_t kExpandedFile = file_size(kExpanded, SecretKey::kSize);
static_assert(kSeedFile == 92 && kExpandedFile == kMaxDeviceKeyFile);

// hex::encode() makes a string, of which nobody wipes the memory.
void encode_hex(ByteView bytes, std::span<std::uint8_t> out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = static_cast<std::uint8_t>(kDigits[bytes[i] >> 4U]);
    out[2 * i + 1] = static_cast<std::uint8_t>(kDigits[bytes[i] & 0x0fU]);
  }
}

SecretBytes serialize(std::string_view word, ByteView secret) {
  SecretBytes text(file_size(word, secret.size()));
  const auto bytes = text.bytes();
  const auto behind_schema = std::copy(kSchema.begin(), kSchema.end(), bytes.begin());
  std::copy(word.begin(), word.end(), behind_schema);
  encode_hex(secret, bytes.subspan(kSchema.size() + word.size(), 2 * secret.size()));
  bytes.back() = '\n';
  return text;
}

// The line's key, if it has that word and is hex.
std::optional<SecretBytes> secret_behind(std::string_view word, std::size_t size,
                                         std::string_view line) {
  SecretBytes secret(size);
  const bool is_it = line.substr(0, word.size()) == word && line.back() == '\n' &&
                     hex::decode_exactly("key", line.substr(word.size(), 2 * size), secret.bytes());
  return is_it ? std::optional(std::move(secret)) : std::nullopt;
}

// As a boot ROM's tools make keys (RFC 8032, section 5.1.5): anything else is damaged.
bool is_clamped(ByteView expanded) {
  return (expanded[0] & 0x07U) == 0 && (expanded[31] & 0xc0U) == 0x40;
}

tl::unexpected<Error> malformed(std::string what) {
  return fail(ErrorCode::malformed, "device key: " + std::move(what));
}

Status check_size(std::uint64_t size) {
  if (size != kSeedFile && size != kExpandedFile) {
    return malformed("got " + std::to_string(size) + " bytes, want " + std::to_string(kSeedFile) +
                     " or " + std::to_string(kExpandedFile));
  }
  return {};
}

std::string_view kind_of_file(std::uint32_t mode) {
  return S_ISDIR(mode) ? "a directory" : S_ISLNK(mode) ? "a symbolic link" : "a pipe or a device";
}

}  // namespace

Status check_key_file(std::uint32_t mode, std::uint64_t size) {
  if (!S_ISREG(mode)) {
    return fail(ErrorCode::unreadable,
                "device key: got " + std::string(kind_of_file(mode)) + ", want a file");
  }
  if ((mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::unreadable, "device key: others than its owner have access to the file",
                "chmod 600; if others may have read it, make another key");
  }
  return check_size(size);
}

Result<DeviceKey> parse_device_key(ByteView text) {
  KEYSTONE_CHECK_OK(check_size(text.size()));
  const std::string_view chars(reinterpret_cast<const char*>(text.data()), text.size());
  if (chars.substr(0, kSchema.size()) != kSchema) {
    return malformed("the first line is not keystone-device-key/1");
  }
  const std::string_view line = chars.substr(kSchema.size());
  if (text.size() == kSeedFile) {
    const auto seed = secret_behind(kSeed, SecretKey::kSeedSize, line);
    return seed ? DeviceKey::from_seed(ByteView(seed->bytes()).first<SecretKey::kSeedSize>())
                : malformed("the second line is not `seed` and 64 lower-case hex digits");
  }
  const auto expanded = secret_behind(kExpanded, SecretKey::kSize, line);
  if (!expanded) {
    return malformed("the second line is not `expanded` and 128 lower-case hex digits");
  }
  if (!is_clamped(expanded->bytes())) {
    return malformed("the expanded key is not one: its scalar is not clamped");
  }
  return DeviceKey::from_expanded(ByteView(expanded->bytes()).first<SecretKey::kSize>());
}

SecretBytes serialize_seed(std::span<const std::uint8_t, SecretKey::kSeedSize> seed) {
  return serialize(kSeed, seed);
}

SecretBytes serialize_expanded(const DeviceKey& key) {
  return serialize(kExpanded, key.secret().expose_secret());
}

}  // namespace keystone
