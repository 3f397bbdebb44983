// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/request_evidence.hpp"

#include "keystone-attest/report_file.hpp"
#include "keystone-attest/request_shell.hpp"

namespace keystone::cli::attest {
namespace {

struct Gather {
  ByteView nonce;
  const Console& console;

  Result<Report> operator()(const EvidenceFile& file) const { return read_report({file.path, {}}); }
  Result<Report> operator()(const EvidenceCommand& command) const {
    KEYSTONE_TRY(const auto bytes,
                 output_of_command(command.text, nonce, kMaxReportFile, command.time));
    auto report = Report::parse(bytes);
    return report ? std::move(report)
                  : Result<Report>(fail(report.error().within("the evidence command")));
  }
  Result<Report> operator()(const EmulatedAttester& attester) const {
    return attester.attest(nonce, console);
  }
};

}  // namespace

Result<Report> gather_evidence(const EvidenceSource& source, ByteView nonce,
                               const Console& console) {
  return std::visit(Gather{nonce, console}, source);
}

}  // namespace keystone::cli::attest
