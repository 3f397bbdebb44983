// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/signer.hpp"
#include "attestd/config.hpp"
#include "attestd/key_folder.hpp"
#include "store/records.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace keystone::server::attestd {

// A key and from when to when it signs.
struct KeyTerm {
  std::string kid;
  std::string jwk;
  Instant signs_from;
  std::optional<Instant> signs_until;  // when its successor begins; absent: it has none
};

// The keys that this node signs with, over a KeyFolder. At any time one signs: the last whose time
// has come. A new one is public for a while before it signs, and an old one for a while after, so
// that whoever keeps a copy of the public keys sees neither too late. Any thread may sign.
class KeyRing final : public ResultSigner {
 public:
  static constexpr std::size_t kMostKeys = 16;  // that have a secret

  using Clock = std::function<Instant()>;

  // Reads the folder, and makes the first key, which signs at once, if there is none. Fails as
  // KeyFolder does.
  [[nodiscard]] static Result<std::shared_ptr<KeyRing>> open(KeyFolder folder, Clock clock);

  // Looks into the folder again, since `key rotate` may have been there; makes a successor to a key
  // whose time is about to end; removes secrets whose keys are public no more. Whether anything
  // changed.
  [[nodiscard]] Result<bool> refresh(const KeyOptions& options,
                                     std::chrono::seconds result_lifetime);

  // Makes a key that signs after `announce`: its name. `usage` if there are kMostKeys.
  [[nodiscard]] Result<std::string> rotate(std::chrono::seconds announce);

  // By the time that they sign.
  [[nodiscard]] std::vector<KeyTerm> terms() const;

  // The name of the one that signs now.
  [[nodiscard]] std::string current() const;

  [[nodiscard]] Result<std::string> sign(std::string_view payload) const override;
  [[nodiscard]] std::string public_jwk() const override;

 private:
  using Keys = std::vector<std::shared_ptr<const StoredKey>>;  // by KeyName, never empty

  KeyRing(KeyFolder folder, Clock clock) : folder_(std::move(folder)), clock_(std::move(clock)) {}

  [[nodiscard]] Result<bool> reread();
  [[nodiscard]] Result<std::string> add(Instant signs_from);
  [[nodiscard]] Result<bool> retire(const KeyOptions& options,
                                    std::chrono::seconds result_lifetime);
  [[nodiscard]] std::shared_ptr<const StoredKey> signing() const;
  [[nodiscard]] Keys keys() const;
  void set(Keys keys);

  KeyFolder folder_;
  Clock clock_;
  std::mutex changing_;  // one changes the folder at a time
  mutable std::mutex mutex_;
  Keys keys_;
};

// Until when the key of that term is to be found among the public ones, asked at `now`.
[[nodiscard]] Instant public_until(const KeyTerm& term, const KeyOptions& options,
                                   std::chrono::seconds result_lifetime, Instant now);

}  // namespace keystone::server::attestd
