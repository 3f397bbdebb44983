// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/state_folder.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/crypto_sign/es256_signing_key.hpp"
#include "keystone/ear/jwk.hpp"

#include <string>
#include <vector>

// The signing keys of a node on disk: STATE/keys, mode 0700. A key is two files:
//
//   TIME.KID.pem   the secret, PKCS#8, mode 0600; TIME is the first second in which it signs
//   KID.jwk        the public half, which stays when the secret is gone: checkpoints of the audit
//                  log are verified with it
//
// KID is the key's thumbprint (RFC 7638).
namespace keystone::server::attestd {

struct KeyName {
  Instant signs_from;
  std::string kid;

  friend auto operator<=>(const KeyName&, const KeyName&) = default;
};

struct StoredKey {
  KeyName name;
  Es256SigningKey key;
};

class KeyFolder {
 public:
  // Made if `make` and it is missing. Fails as open_private_folder().
  [[nodiscard]] static Result<KeyFolder> open(const StateFolder& state, bool make);

  // The secrets that are there, the first to sign first. What is not named as a key is passed over.
  [[nodiscard]] Result<std::vector<KeyName>> names() const;

  // Fails as read_private_file(), and with `malformed` for a file that is not the key of its name.
  [[nodiscard]] Result<StoredKey> read(const KeyName& name) const;

  // A new key on disk. Fails with `unwritable` or `internal`.
  [[nodiscard]] Result<StoredKey> generate(Instant signs_from) const;

  // Removes a secret. Its public half stays. Fails with `unwritable`.
  [[nodiscard]] Status remove(const KeyName& name) const;

  // Every public half, of former keys too. Fails with `unreadable` or `malformed`.
  [[nodiscard]] Result<std::vector<Jwk>> public_keys() const;

 private:
  KeyFolder(std::string path, Descriptor folder)
      : path_(std::move(path)), folder_(std::move(folder)) {}

  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] Result<std::vector<std::string>> files() const;

  std::string path_;
  Descriptor folder_;
};

}  // namespace keystone::server::attestd
