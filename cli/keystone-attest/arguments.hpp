// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "keystone-attest/emulate.hpp"
#include "keystone-attest/request.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/report/report.hpp"
#include "keystone/verifier/challenge.hpp"
#include "keystone/verifier/policy.hpp"

#include <string>
#include <variant>
#include <vector>

// The command line, read once and checked: what main() gets to do.
namespace keystone::cli::attest {

// A report and how it is to be read.
struct ReportInput {
  std::string file;
  Report::ParseOptions options;
};

struct ReportShowCommand {
  CommonArguments common;
  ReportInput input;
};

struct ReportConvertCommand {
  CommonArguments common;
  ReportInput input;
  ReportFormat to;
};

struct ReportScrubCommand {
  CommonArguments common;
  ReportInput input;
};

struct VerifyCommand {
  CommonArguments common;
  ReportInput input;
  std::string policy;  // the file; empty: none
  Policy additions;    // what the options say, beside the file or instead of it
  Challenge challenge;
  // Why freshness is waived where nobody says otherwise; empty: it is not.
  std::string freshness_waiver;
  Instant now;
};

// Many reports: the file of `verify.input` has a report and its challenge in each line.
struct VerifyBatchCommand {
  CommonArguments common;
  VerifyCommand verify;  // with no challenge of its own
  unsigned jobs;         // threads
};

struct PolicyCheckCommand {
  CommonArguments common;
  std::string policy;
  Instant now;
};

// A policy file that is changed.
struct PolicyFile {
  std::string path;
  bool drop_comments;
};

struct ReferenceAddCommand {
  CommonArguments common;
  PolicyFile policy;
  std::string golden;
  std::vector<std::string> names;  // empty: every entry
  Validity validity;
};

struct ReferenceListCommand {
  CommonArguments common;
  std::string policy;
};

struct ReferenceRemoveCommand {
  CommonArguments common;
  PolicyFile policy;
  std::string name;
};

struct ReferenceRevokeCommand {
  CommonArguments common;
  PolicyFile policy;
  std::string name;
  Revocation revocation;
};

struct DeviceAddCommand {
  CommonArguments common;
  PolicyFile policy;
  RegisteredDevice device;
};

struct DeviceListCommand {
  CommonArguments common;
  std::string policy;
};

struct DeviceRevokeCommand {
  CommonArguments common;
  PolicyFile policy;
  std::string name;
  Revocation revocation;
};

using Command =
    std::variant<PrintCommand, ReportShowCommand, ReportConvertCommand, ReportScrubCommand,
                 VerifyCommand, VerifyBatchCommand, PolicyCheckCommand, ReferenceAddCommand,
                 ReferenceListCommand, ReferenceRemoveCommand, ReferenceRevokeCommand,
                 DeviceAddCommand, DeviceListCommand, DeviceRevokeCommand, EmulateCommand,
                 RequestCommand>;

// Fails with `usage`, with a hint that names the command's help. `clock` is now, where no --now is
// given.
[[nodiscard]] Result<Command> read_arguments(int argc, const char* const* argv, Instant clock);

}  // namespace keystone::cli::attest
