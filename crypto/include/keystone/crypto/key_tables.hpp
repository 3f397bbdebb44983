// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

namespace keystone {

// Remembers multiples of public keys that recur, with which a signature takes a fraction of the
// time. It changes no answer. Copies share one memory; thread-safe, and threads rarely wait for
// each other.
//
// A table costs as much as some ten verifications, so it is made for the eighth signature under a
// key, and a wider one for the 64th if there is room. Hand in only keys that somebody vouches for,
// a registry or a signature under a registered key: then strangers with any number of keys cause
// neither tables nor the loss of tables.
class KeyTables {
 public:
  static constexpr std::size_t kDefaultBytes = std::size_t{64} << 20U;

  // All tables together take at most `max_bytes`; those not used lately go first. Beside these
  // there are the tables that went while a thread was verifying with them. A table takes 104 to
  // 528 KiB; below 1 MiB there are none.
  explicit KeyTables(std::size_t max_bytes = kDefaultBytes);

  // What the tables and the record of uses take now.
  [[nodiscard]] std::size_t bytes() const;

  class Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace keystone
