// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "common/kept_file.hpp"
#include "keystone-measure/asking_commands.hpp"
#include "keystone-measure/explain_render.hpp"
#include "keystone-measure/transcript.hpp"

#include <set>

namespace keystone::cli {
namespace {

// In a scope of its own, so that the progress bar is gone before anything is printed.
Result<ExplainedEnclave> explained(const ExplainCommand& command) {
  Progress progress(!command.common.quiet);
  const bool fingerprint = command.common.json || !command.html.empty();
  return explain_enclave_files(command.request, {fingerprint, &progress}, {command.pages});
}

// Where the table or the transcript goes; empty: neither was asked for.
std::string answer_path(const ExplainCommand& command) {
  const bool has_picture = !command.html.empty() || !command.svg.empty();
  const bool is_silent = has_picture && !command.common.json && command.common.output.empty();
  if (is_silent) {
    return {};
  }
  return command.common.output.empty() ? "-" : command.common.output;
}

Status check_outputs(const ExplainCommand& command) {
  const EnclaveRequest& request = command.request;
  std::set<std::string> outputs;
  for (const std::string& output : {answer_path(command), command.html, command.svg}) {
    KEYSTONE_CHECK_OK(refuse_overwriting(output, {request.eapp, request.runtime, request.loader}));
    if (output.empty()) {
      continue;
    }
    const auto path = output == "-" ? output : without_links(output).value_or(output).string();
    if (!outputs.insert(path).second) {
      return fail(ErrorCode::usage, output + ": can have one of the answers only");
    }
  }
  return {};
}

}  // namespace

Result<int> explain_enclave(const ExplainCommand& command, const Console& console) {
  KEYSTONE_CHECK_OK(check_outputs(command));
  KEYSTONE_TRY(const auto enclave, explained(command));
  console.notes(enclave.record.notes);
  console.warnings(enclave.record.warnings);
  if (!command.html.empty()) {
    KEYSTONE_CHECK_OK(write_answer(command.html, explain_html(enclave)));
  }
  if (!command.svg.empty()) {
    KEYSTONE_CHECK_OK(write_answer(command.svg, explain_svg(enclave)));
  }
  const std::string answer = answer_path(command);
  if (!answer.empty()) {
    KEYSTONE_CHECK_OK(write_answer(
        answer, command.common.json ? json_text(transcript_of(enclave)) : explain_text(enclave)));
  }
  return kExitDone;
}

}  // namespace keystone::cli
