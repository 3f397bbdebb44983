// SPDX-License-Identifier: Apache-2.0
#include "common/json_text.hpp"
#include "keystone-attest/render.hpp"
#include "keystone-attest/report_file.hpp"

namespace keystone::cli::attest {
namespace {

std::string line(std::string_view label, const std::string& value) {
  constexpr std::size_t kColumn = 28;
  std::string text(label);
  text.resize(kColumn, ' ');
  return text + value + "\n";
}

}  // namespace

std::string show_report(const Report& report) {
  std::string text =
      "not verified: nothing here is known to be true\n\n" +
      line("format", std::string(to_string(report.format()))) +
      line("enclave.hash", report.enclave_hash().hex()) +
      line("enclave.data_len", std::to_string(report.data().size())) +
      line("enclave.data", report.data().empty() ? "(none)" : hex::encode(report.data())) +
      line("enclave.signature", report.enclave_signature().hex()) +
      line("security_monitor.hash", report.sm_hash().hex()) +
      line("security_monitor.pubkey", report.sm_public_key().hex()) +
      line("security_monitor.signature", report.sm_signature().hex()) +
      line("device_pubkey (a claim)", report.claimed_device_key().hex());
  if (report.format() == ReportFormat::fixed) {
    text += line("unsigned tail", std::to_string(report.unsigned_tail().size()) + " bytes, " +
                                      std::to_string(dirty_bytes(report)) + " of them not zero");
  }
  return text;
}

std::string show_report_json(const Report& report, const std::vector<std::string>& warnings) {
  return json_text({{"schema", "keystone.report/1"},
                    {"verified", false},
                    {"format", to_string(report.format())},
                    {"enclave",
                     {{"hash", report.enclave_hash().hex()},
                      {"data_len", report.data().size()},
                      {"data", hex::encode(report.data())},
                      {"signature", report.enclave_signature().hex()}}},
                    {"security_monitor",
                     {{"hash", report.sm_hash().hex()},
                      {"pubkey", report.sm_public_key().hex()},
                      {"signature", report.sm_signature().hex()}}},
                    {"claimed_device_pubkey", report.claimed_device_key().hex()},
                    {"unsigned_tail",
                     {{"size", report.unsigned_tail().size()}, {"not_zero", dirty_bytes(report)}}},
                    {"warnings", warnings}});
}

}  // namespace keystone::cli::attest
