// SPDX-License-Identifier: Apache-2.0
#include "common/program.hpp"

#include "common/command_line.hpp"
#include "common/exit_codes.hpp"
#include "common/process.hpp"

#include <exception>
#include <new>

namespace keystone::cli {
namespace {

Result<int> run(const std::string& name, Console::Style style,
                const std::function<Result<Task>()>& read_arguments) {
  KEYSTONE_TRY(const auto task, read_arguments());
  style.quiet = task.quiet;
  return task.run(Console(name, style));
}

}  // namespace

Result<int> done(const Status& status) {
  if (!status) {
    return fail(status.error());
  }
  return kExitDone;
}

int run_program(const std::string& name, int argc, const char* const* argv,
                const std::function<Result<Task>()>& read_arguments) {
  prepare_process();
  const Console::Style style{false, wants_json_errors(argc, argv)};
  const Console console(name, style);
  const auto report = [&](const Error& error) {
    console.error(error);
    return exit_code(error.code);
  };
  try {
    const auto code = run(name, style, read_arguments);
    return code ? *code : report(code.error());
  } catch (const std::bad_alloc&) {
    return report({ErrorCode::internal, "out of memory"});
  } catch (const std::exception& problem) {
    return report({ErrorCode::internal, problem.what()});
  }
}

}  // namespace keystone::cli
