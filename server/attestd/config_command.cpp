// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"
#include "attestd/config_reader.hpp"
#include "common/answer.hpp"
#include "common/program.hpp"
#include "http/server.hpp"

namespace keystone::server::attestd {

Result<int> run(const ConfigCheckCommand& command) {
  KEYSTONE_CHECK_OK(cli::refuse_overwriting(command.common.output, {command.file}));
  KEYSTONE_TRY(const auto config, Config::read(command.file));
  for (const Status& sound : {config.check_plain_http(), http::check_options(config.server)}) {
    if (!sound) {
      return fail(of_file(sound.error()).within(command.file));
    }
  }
  return cli::done(
      cli::write_answer(command.common.output, command.common.json ? "{\"ok\": true}\n" : "ok\n"));
}

}  // namespace keystone::server::attestd
