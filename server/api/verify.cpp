// SPDX-License-Identifier: Apache-2.0
#include "api/evidence.hpp"
#include "api/handlers.hpp"
#include "api/json_text.hpp"
#include "api/query.hpp"
#include "api/verification.hpp"

#include <algorithm>

namespace keystone::server {
namespace {

constexpr std::string_view kNdjson = "application/x-ndjson";

// How many lines are appraised, and written in one go, before they are answered.
constexpr std::size_t kLinesAtATime = 64;

Status check_type(const http::Request& request, std::string_view want) {
  const std::string* const type = request.header("Content-Type");
  if (type == nullptr || media_type_of(*type) != want) {
    return fail(ErrorCode::usage, "content-type: got another one, want " + std::string(want));
  }
  return {};
}

// The lines of a batch, a line feed after each but perhaps the last.
std::size_t lines_in(std::string_view text) {
  const auto feeds = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return feeds + (text.empty() || text.back() == '\n' ? 0 : 1);
}

// A batch that is being answered. It outlives the request, and is used by one thread at a time.
class Batch {
 public:
  Batch(const Call& call, std::string body)
      : core_(call.core),
        options_(call.options),
        request_id_(call.request.id),
        actor_(call.caller.actor),
        body_(std::move(body)),
        rest_(body_) {}
  Batch(const Batch&) = delete;  // the view is into the text
  Batch& operator=(const Batch&) = delete;

  // Answers the next lines. False: those were the last.
  [[nodiscard]] bool next(std::string& chunk) {
    std::vector<VerificationRequest> requests;
    std::vector<Origin> origins;
    std::vector<std::optional<Problem>> refused;
    while (refused.size() < kLinesAtATime && !rest_.empty()) {
      auto parsed = parse_verification(*core_, *options_, take_line());
      refused.push_back(parsed ? std::nullopt : std::optional(std::move(parsed).error()));
      if (!refused.back()) {
        requests.push_back(*std::move(parsed));
        origins.push_back({request_id_, actor_, "", core_->random_id()});
      }
    }
    const auto answers = verify_all(*core_, *options_, requests, origins);
    auto answer = answers.begin();
    for (const auto& problem : refused) {
      chunk += (problem ? json_of(*problem) : json_of(*answer++)) + "\n";
    }
    return !rest_.empty();
  }

 private:
  std::string_view take_line() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }
  [[nodiscard]] std::string json_of(const Answer<Appraisal>& answer) const {
    return answer ? to_json(*answer) : json_of(answer.error());
  }
  [[nodiscard]] std::string json_of(const Problem& problem) const {
    if (problem.status == 503) {
      core_->metrics.count_store_failure();
    }
    return to_json(problem, request_id_);
  }

  std::shared_ptr<Core> core_;
  std::shared_ptr<const ServiceOptions> options_;
  std::string request_id_;
  std::string actor_;
  std::string body_;
  std::string_view rest_;
};

}  // namespace

Answer<http::Response> verify_one(Call& call) {
  KEYSTONE_TRY(const auto query, Query::parse(call.request.query, {}));
  (void)query;
  if (const auto checked = check_type(call.request, "application/json"); !checked) {
    return refuse(415, checked.error().message);
  }
  std::vector<VerificationRequest> requests;
  KEYSTONE_TRY(auto request, parse_verification(*call.core, *call.options, call.request.body));
  requests.push_back(std::move(request));
  auto answers = verify_all(*call.core, *call.options, requests,
                            {{call.request.id, call.caller.actor, "", call.core->random_id()}});
  KEYSTONE_TRY(const auto appraisal, std::move(answers.front()));
  call.handled.result = appraisal.result().id;
  call.handled.verdict = summary(appraisal.verdict);
  return answer_with(200, to_json(appraisal));
}

Answer<http::Response> verify_batch(Call& call) {
  KEYSTONE_TRY(const auto query, Query::parse(call.request.query, {}));
  (void)query;
  if (const auto checked = check_type(call.request, kNdjson); !checked) {
    return refuse(415, checked.error().message);
  }
  const std::size_t lines = lines_in(call.request.body);
  if (lines > call.options->max_batch_lines) {
    return refuse(413, "batch: got " + std::to_string(lines) + " lines, want at most " +
                           std::to_string(call.options->max_batch_lines));
  }
  auto response = answer_with(200, "", kNdjson);
  if (lines == 0) {
    return response;
  }
  response.stream = [batch = std::make_shared<Batch>(call, call.request.body)](
                        std::string& chunk) -> Result<bool> { return batch->next(chunk); };
  return response;
}

}  // namespace keystone::server
