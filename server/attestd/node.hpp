// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/config.hpp"
#include "attestd/key_ring.hpp"
#include "attestd/state_folder.hpp"
#include "store/store.hpp"

#include <memory>

// What the daemon and the commands beside it have in common: a state folder, a store, keys.
namespace keystone::server::attestd {

// Whole seconds of the system's clock.
[[nodiscard]] Instant system_clock_now();

// The store that the configuration means. Fails as Store::open(), and with `unreadable` for an
// SQLite store that is not there, unless `make`.
[[nodiscard]] Result<std::shared_ptr<Store>> open_store(const Config& config,
                                                        const StateFolder& state, bool make);

// The keys that checkpoints may be signed with: those of this node, former ones included, and
// behind them those that the store has of other nodes. Who can write to the store could put one
// there.
[[nodiscard]] Result<JwkSet> checkpoint_keys(const KeyFolder& folder, const Store& store);

}  // namespace keystone::server::attestd
