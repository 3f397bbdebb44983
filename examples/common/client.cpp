// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <keystone/base/json.hpp>

#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <variant>

namespace demo {
namespace {

using keystone::CheckResult;
using keystone::ErrorCode;

constexpr int kInternal = 4;

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return 2;
    case ErrorCode::malformed:
    case ErrorCode::unreadable:
    case ErrorCode::limit_exceeded:
      return 3;
    case ErrorCode::unwritable:
    case ErrorCode::internal:
      return kInternal;
    case ErrorCode::unreachable:
      return 5;
  }
  return kInternal;
}

int report(const std::string& name, const keystone::Error& error) {
  std::cerr << name << ": error: " << error.message << '\n';
  if (!error.hint.empty()) {
    std::cerr << name << ": hint: " << error.hint << '\n';
  }
  return exit_code(error.code);
}

}  // namespace

int run_client(const std::string& name, std::string_view help,
               const keystone::Result<Options>& options,
               const std::function<keystone::Result<Answer>(const Options&)>& run) {
  try {
    if (options && options->help) {
      std::cout << help;
      return 0;
    }
    const auto answer = options ? run(*options) : keystone::fail(options.error());
    if (!answer) {
      return report(name, answer.error());
    }
    if (!std::cout.flush()) {
      return report(name, {ErrorCode::unwritable, "standard output: cannot write"});
    }
    return *answer == Answer::accepted ? 0 : 1;
  } catch (const std::exception& problem) {
    return report(name, {ErrorCode::internal, problem.what()});
  }
}

keystone::Result<keystone::Policy> read_policy(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  // One byte more than can be read as JSON: for Policy::parse() to refuse.
  std::string text(keystone::JsonLimits().max_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.eof() && !stream) {
    return keystone::fail(ErrorCode::unreadable, file + ": cannot read: " + std::strerror(errno));
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  auto policy = keystone::Policy::parse(text);
  if (!policy) {
    return keystone::fail(policy.error().within(file));
  }
  return policy;
}

keystone::Instant now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

keystone::ChallengeTime issued_now(std::chrono::seconds lifetime) {
  const keystone::Instant issued = now();
  return {issued, issued + lifetime, keystone::ChallengeTime::Standing::open};
}

void print_verdict(std::string_view subject, const keystone::Verdict& verdict) {
  std::cout << subject << ": " << keystone::summary(verdict) << '\n';
  for (const keystone::Finding& finding : verdict.findings()) {
    if (finding.result == CheckResult::passed) {
      continue;
    }
    std::cout << "  " << to_string(finding.check) << ": " << to_string(finding.result) << " ("
              << finding.reason << ")\n    " << finding.field << ": got " << finding.got << '\n';
    if (!finding.want.empty()) {
      std::cout << "    want " << finding.want << '\n';
    }
  }
}

bool binds_channel(const keystone::Verdict& verdict, const keystone::Challenge& challenge) {
  return verdict.accepted() &&
         std::holds_alternative<keystone::Challenge::BoundChannel>(challenge.asked()) &&
         verdict.result(keystone::Check::report_data) == CheckResult::passed;
}

}  // namespace demo
