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

bool reads_stdin(const DiffSource& source) {
  if (const auto* const request = std::get_if<EnclaveRequest>(&source)) {
    return request->eapp == "-" || request->runtime == "-" || request->loader == "-";
  }
  return std::get<std::string>(source) == "-";
}

}  // namespace

Result<int> diff_enclaves(const DiffCommand& command, const Console& console) {
  if (reads_stdin(command.left) && reads_stdin(command.right)) {
    return fail(ErrorCode::usage, "standard input can be one of the inputs only");
  }
  KEYSTONE_TRY(const auto answer, compared(command));
  for (const DiffSide* side : {&answer.left, &answer.right}) {
    KEYSTONE_CHECK_OK(refuse_overwriting(command.common.output, side->files));
  }
  console.warnings(answer.left.warnings);
  console.warnings(answer.right.warnings);
  KEYSTONE_CHECK_OK(write_answer(
      command.common.output,
      command.common.json ? diff_json(answer) : diff_text(answer, command.most_listed)));
  return has_same_hash(answer) && !contradicts_itself(answer) ? kExitDone : kExitNo;
}

}  // namespace keystone::cli
