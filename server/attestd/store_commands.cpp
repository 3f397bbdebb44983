// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"
#include "attestd/node.hpp"
#include "common/program.hpp"

namespace keystone::server::attestd {

Result<int> run(const StoreMigrateCommand& command) {
  KEYSTONE_TRY(const auto config, read_config(command.place));
  KEYSTONE_TRY(auto state, StateFolder::open(command.place.state));
  KEYSTONE_CHECK_OK(state.lock());  // its daemon may be of the older version
  return cli::done(migrate_store(config, state));
}

}  // namespace keystone::server::attestd
