// SPDX-License-Identifier: Apache-2.0
#include "attestd/key_ring.hpp"

#include "keystone/ear/jws.hpp"

#include <algorithm>

namespace keystone::server::attestd {
namespace {

std::string jwk_of(const StoredKey& stored) {
  return to_json(Jwk{stored.name.kid, stored.key.public_key()});
}

}  // namespace

Instant public_until(const KeyTerm& term, const KeyOptions& options,
                     std::chrono::seconds result_lifetime, Instant now) {
  return std::max(term.signs_until.value_or(now), term.signs_from) + result_lifetime +
         options.overlap;
}

Result<std::shared_ptr<KeyRing>> KeyRing::open(KeyFolder folder, Clock clock) {
  const std::shared_ptr<KeyRing> ring(new KeyRing(std::move(folder), std::move(clock)));
  KEYSTONE_TRY(const auto found, ring->reread());
  if (!found) {
    KEYSTONE_CHECK_OK(ring->add(ring->clock_()));
  }
  return ring;
}

// Whether there is another set of keys than before.
Result<bool> KeyRing::reread() {
  KEYSTONE_TRY(const auto names, folder_.names());
  const Keys before = keys();
  Keys after;
  for (const KeyName& name : names) {
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const auto& key) { return key->name == name; });
    if (known != before.end()) {
      after.push_back(*known);
    } else {
      KEYSTONE_TRY(auto key, folder_.read(name));
      after.push_back(std::make_shared<const StoredKey>(std::move(key)));
    }
  }
  if (after.empty() || after == before) {
    return false;  // a folder that somebody emptied is no reason to stop signing
  }
  set(std::move(after));
  return true;
}

// A new key, and its name. No two begin in the same second: the later one signs.
Result<std::string> KeyRing::add(Instant signs_from) {
  Keys all = keys();
  if (all.size() >= kMostKeys) {
    return fail(ErrorCode::usage,
                "keys: got " + std::to_string(all.size()) + ", want fewer than " +
                    std::to_string(kMostKeys),
                "former ones go when nobody verifies with them any more");
  }
  for (const auto& key : all) {
    signs_from += std::chrono::seconds(key->name.signs_from == signs_from ? 1 : 0);
  }
  KEYSTONE_TRY(auto key, folder_.generate(signs_from));
  std::string kid = key.name.kid;
  all.push_back(std::make_shared<const StoredKey>(std::move(key)));
  std::sort(all.begin(), all.end(),
            [](const auto& left, const auto& right) { return left->name < right->name; });
  set(std::move(all));
  return kid;
}

Result<bool> KeyRing::retire(const KeyOptions& options, std::chrono::seconds result_lifetime) {
  const Instant now = clock_();
  Keys left = keys();
  bool retired = false;
  for (const KeyTerm& term : terms()) {
    if (term.signs_until && public_until(term, options, result_lifetime, now) < now) {
      KEYSTONE_CHECK_OK(folder_.remove({term.signs_from, term.kid}));
      left.erase(left.begin());
      retired = true;
    }
  }
  set(std::move(left));
  return retired;
}

Result<bool> KeyRing::refresh(const KeyOptions& options, std::chrono::seconds result_lifetime) {
  const std::lock_guard lock(changing_);
  KEYSTONE_TRY(bool changed, reread());
  const Instant last_from = keys().back()->name.signs_from;
  if (last_from + options.lifetime - options.announce <= clock_()) {
    KEYSTONE_CHECK_OK(add(std::max(clock_() + options.announce, last_from + options.lifetime)));
    changed = true;
  }
  KEYSTONE_TRY(const bool retired, retire(options, result_lifetime));
  return changed || retired;
}

Result<std::string> KeyRing::rotate(std::chrono::seconds announce) {
  const std::lock_guard lock(changing_);
  KEYSTONE_CHECK_OK(reread());
  return add(clock_() + announce);
}

std::vector<KeyTerm> KeyRing::terms() const {
  std::vector<KeyTerm> terms;
  for (const auto& key : keys()) {
    if (!terms.empty()) {
      terms.back().signs_until = key->name.signs_from;
    }
    terms.push_back({key->name.kid, jwk_of(*key), key->name.signs_from, std::nullopt});
  }
  return terms;
}

std::string KeyRing::current() const {
  return signing()->name.kid;
}

Result<std::string> KeyRing::sign(std::string_view payload) const {
  const auto key = signing();
  return jws_sign(payload, key->name.kid, [&](ByteView message) { return key->key.sign(message); });
}

std::string KeyRing::public_jwk() const {
  return jwk_of(*signing());
}

std::shared_ptr<const StoredKey> KeyRing::signing() const {
  const Keys all = keys();
  const Instant now = clock_();
  const auto first_later = std::find_if(
      all.begin(), all.end(), [&](const auto& key) { return key->name.signs_from > now; });
  // Where a clock was set back, none has begun: then the first signs.
  return first_later == all.begin() ? all.front() : *std::prev(first_later);
}

KeyRing::Keys KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

void KeyRing::set(Keys keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

}  // namespace keystone::server::attestd
