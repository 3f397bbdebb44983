// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "keystone-measure/asking_commands.hpp"
#include "keystone-measure/diff_render.hpp"

namespace keystone::cli {
namespace {

Result<DiffAnswer> compared(const DiffCommand& command) {
  Progress progress(!command.common.quiet);
  KEYSTONE_TRY(auto left, read_side(command.left, command.allow_outside, progress));
  KEYSTONE_TRY(auto right, read_side(command.right, command.allow_outside, progress));
  return compare_sides(std::move(left), std::move(right));
}

// The files that a side is read from, as far as they are the user's own words.
std::vector<std::string> files_of(const DiffSource& source) {
  if (const auto* const request = std::get_if<EnclaveRequest>(&source)) {
    return {request->eapp, request->runtime, request->loader};
  }
  return {std::get<std::string>(source)};
}

Status check_command(const DiffCommand& command) {
  std::size_t from_stdin = 0;
  for (const DiffSource* source : {&command.left, &command.right}) {
    const auto files = files_of(*source);
    for (const std::string& file : files) {
      from_stdin += file == "-" ? 1U : 0U;
    }
    KEYSTONE_CHECK_OK(refuse_overwriting(command.common.output, files));
  }
  if (from_stdin > 1) {
    return fail(ErrorCode::usage, "standard input can be one of the inputs only");
  }
  return {};
}

}  // namespace

Result<int> diff_enclaves(const DiffCommand& command, const Console& console) {
  KEYSTONE_CHECK_OK(check_command(command));
  KEYSTONE_TRY(const auto answer, compared(command));
  console.warnings(answer.left.warnings);
  console.warnings(answer.right.warnings);
  KEYSTONE_CHECK_OK(write_answer(
      command.common.output,
      command.common.json ? diff_json(answer) : diff_text(answer, command.most_listed)));
  return has_same_hash(answer) ? kExitDone : kExitNo;
}

}  // namespace keystone::cli
