// SPDX-License-Identifier: Apache-2.0
#include "attestd/key_folder.hpp"

#include "attestd/private_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace keystone::server::attestd {
namespace {

constexpr std::string_view kSecret = ".pem";
constexpr std::string_view kPublic = ".jwk";

std::string file_of(const KeyName& name) {
  return to_string(name.signs_from) + "." + name.kid + std::string(kSecret);
}

std::optional<KeyName> name_of(std::string_view file) {
  const std::size_t dot = file.find('.');
  if (!file.ends_with(kSecret) || dot + kSecret.size() >= file.size()) {
    return std::nullopt;
  }
  const auto signs_from = parse_instant("key", file.substr(0, dot));
  if (!signs_from) {
    return std::nullopt;
  }
  const std::string_view kid = file.substr(dot + 1, file.size() - dot - 1 - kSecret.size());
  return KeyName{*signs_from, std::string(kid)};
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<KeyFolder> KeyFolder::open(const StateFolder& state, bool make) {
  const std::string path = state.path_of("keys");
  KEYSTONE_TRY(auto folder, open_private_folder(path, make));
  return KeyFolder(path, std::move(folder));
}

Result<std::vector<std::string>> KeyFolder::files() const {
  std::vector<std::string> names;
  std::error_code problem;
  for (std::filesystem::directory_iterator entry(path_, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    names.push_back(entry->path().filename());
  }
  if (problem) {
    return fail(ErrorCode::unreadable, path_ + ": cannot list: " + problem.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<KeyName>> KeyFolder::names() const {
  KEYSTONE_TRY(const auto all, files());
  std::vector<KeyName> names;
  for (const std::string& file : all) {
    if (auto name = name_of(file)) {
      names.push_back(*std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<StoredKey> KeyFolder::read(const KeyName& name) const {
  const std::string file = file_of(name);
  KEYSTONE_TRY(const auto text,
               read_private_file(folder_, file, path_of(file), Es256SigningKey::kMaxPem));
  auto key = Es256SigningKey::from_pem(text.bytes());
  if (!key) {
    return fail(key.error().within(path_of(file)));
  }
  KEYSTONE_TRY(const auto kid, thumbprint(key->public_key()));
  if (kid != name.kid) {
    return fail(ErrorCode::malformed, path_of(file) + ": got the key " + kid);
  }
  return StoredKey{name, *std::move(key)};
}

Result<StoredKey> KeyFolder::generate(Instant signs_from) const {
  KEYSTONE_TRY(auto key, Es256SigningKey::generate());
  KEYSTONE_TRY(const auto kid, thumbprint(key.public_key()));
  KEYSTONE_TRY(const auto pem, key.to_pem());
  const KeyName name{signs_from, kid};
  // The public half first: a secret that signs has one.
  const std::string jwk_file = kid + std::string(kPublic);
  KEYSTONE_CHECK_OK(write_private_file(folder_, jwk_file, path_of(jwk_file),
                                       bytes_of(to_json(Jwk{kid, key.public_key()}) + "\n")));
  const std::string file = file_of(name);
  KEYSTONE_CHECK_OK(write_private_file(folder_, file, path_of(file), pem.bytes()));
  return StoredKey{name, std::move(key)};
}

Status KeyFolder::remove(const KeyName& name) const {
  const std::string file = file_of(name);
  if (::unlinkat(folder_.get(), file.c_str(), 0) != 0 || ::fsync(folder_.get()) != 0) {
    return fail(ErrorCode::unwritable, path_of(file) + ": cannot remove: " + std::strerror(errno));
  }
  return {};
}

Result<std::vector<Jwk>> KeyFolder::public_keys() const {
  KEYSTONE_TRY(const auto all, files());
  std::vector<Jwk> keys;
  for (const std::string& file : all) {
    if (file.ends_with(kPublic)) {
      KEYSTONE_TRY(const auto text,
                   read_private_file(folder_, file, path_of(file), JwkSet::kMaxText));
      auto jwk = parse_jwk({reinterpret_cast<const char*>(text.bytes().data()), text.size()});
      if (!jwk) {
        return fail(jwk.error().within(path_of(file)));
      }
      keys.push_back(*std::move(jwk));
    }
  }
  return keys;
}

}  // namespace keystone::server::attestd
