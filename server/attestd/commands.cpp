// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"

#include "attestd/daemon.hpp"
#include "common/answer.hpp"
#include "common/program.hpp"

#include <sys/stat.h>

namespace keystone::server::attestd {
namespace {

class Runner {
 public:
  Result<int> operator()(const cli::PrintCommand& command) const {
    return cli::done(cli::write_answer("", command.text));
  }
  Result<int> operator()(const ServeCommand& command) const { return serve(command); }
  template <class Command>
  Result<int> operator()(const Command& command) const {
    return run(command);
  }
};

}  // namespace

int run_attestd(int argc, const char* const* argv) {
  // Whatever is made here, a database's files or an answer with a token, is nobody else's.
  (void)::umask(077);
  return cli::run_program("keystone-attestd", argc, argv, [&]() -> Result<cli::Task> {
    KEYSTONE_TRY(auto command, read_arguments(argc, argv));
    return cli::Task{cli::is_quiet(command), [chosen = std::move(command)](const cli::Console&) {
                       return std::visit(Runner(), chosen);
                     }};
  });
}

}  // namespace keystone::server::attestd
