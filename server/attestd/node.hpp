// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/checkpoint_keys.hpp"
#include "attestd/config.hpp"
#include "attestd/key_ring.hpp"
#include "attestd/state_folder.hpp"
#include "store/store.hpp"

#include <memory>

// What the daemon and the commands beside it have in common: a state folder, a store, keys.
namespace keystone::server::attestd {

// Whole seconds of the system's clock.
[[nodiscard]] Instant system_clock_now();

// Who opens a store.
enum class StoreUser : std::uint8_t {
  daemon,   // makes one that is not there, and brings an older one up to date
  command,  // takes it as it is: while a command runs, a daemon of an older version may serve
};

// The store that the configuration means. Fails as Store::open() and Store::open_as_it_is(), and
// for commands with `unreadable` for an SQLite store that is not there.
[[nodiscard]] Result<std::shared_ptr<Store>> open_store(const Config& config,
                                                        const StateFolder& state, StoreUser user);

// Brings the store up to date, as the daemon does, and makes one where a server has none. Fails as
// open_store() does for commands, but not for an older store.
[[nodiscard]] Status migrate_store(const Config& config, const StateFolder& state);

// A node, as commands look at it.
struct Node {
  std::shared_ptr<Store> store;
  KeyFolder keys;
};
[[nodiscard]] Result<Node> open_node(const Config& config, const std::string& state);

// The keys that checkpoints may be signed with: those of this node, former ones included, and those
// that the store has of all nodes. Who can write to the store could put one there.
[[nodiscard]] Result<CheckpointKeys> checkpoint_keys(const KeyFolder& folder, const Store& store);

}  // namespace keystone::server::attestd
