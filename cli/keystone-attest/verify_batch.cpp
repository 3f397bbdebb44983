// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/verify_batch.hpp"

#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "common/line_reader.hpp"
#include "keystone/verifier/verifier.hpp"

#include <algorithm>

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBlock = 1024;  // lines whose reports are in memory together

Json names_of(const std::vector<Check>& checks) {
  Json names = Json::array();
  for (const Check check : checks) {
    names.push_back(to_string(check));
  }
  return names;
}

// Answers lines in blocks.
class Lines {
 public:
  Lines(const Verifier& verifier, const VerifyBatchCommand& command)
      : verifier_(verifier), command_(command) {}

  [[nodiscard]] Status add(const LineReader::Line& read) {
    if (++count_ > kMaxBatchLines) {
      return fail(ErrorCode::limit_exceeded, command_.verify.input.file + ": got more than " +
                                                 std::to_string(kMaxBatchLines) + " lines");
    }
    auto line = parse(read);
    rows_.push_back({count_, {}, std::nullopt});
    if (!line) {
      rows_.back().error = line.error();
    } else {
      rows_.back().id = std::move(line->id);
      evidence_.push_back({std::move(line->report)});
      challenges_.push_back(std::move(line->challenge));
    }
    if (rows_.size() == kBlock) {
      answer();
    }
    return {};
  }

  [[nodiscard]] BatchAnswer finish() && {
    answer();
    answer_.exit_code = answer_.malformed > 0  ? kExitInput
                        : answer_.rejected > 0 ? kExitNo
                                               : kExitDone;
    return std::move(answer_);
  }

 private:
  struct Row {
    std::size_t number;
    std::string id;
    std::optional<Error> error;  // absent: the next evidence is of this line
  };

  [[nodiscard]] Result<BatchLine> parse(const LineReader::Line& line) const {
    if (line.size > kMaxBatchLine) {
      return fail(ErrorCode::limit_exceeded, "got a line of " + std::to_string(line.size) +
                                                 " bytes, want at most " +
                                                 std::to_string(kMaxBatchLine));
    }
    return read_batch_line(line.text, command_.verify.input.options);
  }

  void answer() {
    const auto verdicts =
        verifier_.verify_batch(evidence_, challenges_, command_.verify.now, command_.jobs);
    auto verdict = verdicts.begin();
    for (const Row& row : rows_) {
      Json json = {{"line", row.number}};
      if (!row.id.empty()) {
        json["id"] = row.id;
      }
      if (row.error) {
        add_error(*row.error, json);
      } else {
        add_verdict(*verdict++, json);
      }
      answer_.text += json_text(json, -1);
    }
    rows_.clear();
    evidence_.clear();
    challenges_.clear();
  }

  void add_error(const Error& error, Json& json) {
    ++answer_.malformed;
    json["error"] = error.message;
  }

  void add_verdict(const Verdict& verdict, Json& json) {
    ++(verdict.accepted() ? answer_.accepted : answer_.rejected);
    json["accepted"] = verdict.accepted();
    json["failed"] = names_of(verdict.with(CheckResult::failed));
    json["not_evaluated"] = names_of(verdict.with(CheckResult::not_evaluated));
    json["waived"] = names_of(verdict.with(CheckResult::waived));
  }

  const Verifier& verifier_;
  const VerifyBatchCommand& command_;
  std::size_t count_ = 0;
  std::vector<Row> rows_;
  std::vector<Evidence> evidence_;
  std::vector<Challenge> challenges_;
  BatchAnswer answer_ = {{}, kExitDone, 0, 0, 0};
};

}  // namespace

Result<BatchAnswer> verify_lines(InputFile& file, const VerifyBatchCommand& command,
                                 Policy policy) {
  const Verifier verifier(std::move(policy));
  LineReader reader(file, kMaxBatchLine);
  Lines answered(verifier, command);
  while (true) {
    KEYSTONE_TRY(const auto line, reader.next());
    if (!line) {
      break;
    }
    KEYSTONE_CHECK_OK(answered.add(*line));
  }
  KEYSTONE_CHECK_OK(file.finish());
  return std::move(answered).finish();
}

}  // namespace keystone::cli::attest
