// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/spelling.hpp"

#include <CLI/CLI.hpp>

namespace keystone::cli::attest {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 accepted, or done; 1 rejected; 2 usage; 3 unreadable or malformed\n"
    "input; 4 internal error, or output cannot be written.";

}  // namespace

CLI::App& declare_command(CLI::App& parent, const std::string& name, const std::string& sentence,
                          std::string_view example) {
  return add_command(parent, name, sentence, example, kExitCodes);
}

CLI::App& declare_group(CLI::App& app, const std::string& name, const std::string& sentence) {
  CLI::App& group = *app.add_subcommand(name, sentence);
  group.require_subcommand(1);
  return group;
}

void add_value(CLI::App& app, const std::string& option, std::string& value,
               const std::string& text, const std::string& kind) {
  app.add_option(option, value, text)->option_text(kind);
}

void add_required(CLI::App& app, const std::string& option, std::string& value,
                  const std::string& text, const std::string& kind) {
  app.add_option(option, value, text)->option_text(kind + " (required)")->required();
}

namespace {

// An option that may be given several times, with one value each.
void add_values(CLI::App& app, const std::string& option, std::vector<std::string>& values,
                const std::string& text, const std::string& kind) {
  app.add_option(option, values, text)->option_text(kind)->allow_extra_args(false);
}

void add_file(CLI::App& app, const std::string& name, Spelling& spelt, const std::string& text) {
  app.add_option(name, spelt.file, text)->option_text("(required)")->required();
}

void add_report(CLI::App& app, Spelling& spelt) {
  add_file(app, "FILE", spelt, "The report; - reads standard input");
  add_value(app, "--input-format", spelt.input_format,
            "fixed, compact or json (default: found out)", "F");
  app.add_flag("--allow-trailing", spelt.allow_trailing,
               "Ignore bytes behind a fixed report, as eapp buffers have");
}

void add_validity(CLI::App& app, Spelling& spelt) {
  add_value(app, "--not-before", spelt.not_before, "The first second that it counts", "TIME");
  add_value(app, "--not-after", spelt.not_after, "The last second that it counts", "TIME");
}

void add_now(CLI::App& app, Spelling& spelt) {
  add_value(app, "--now", spelt.now,
            "The time that counts, such as 2026-11-22T20:46:21Z (default: the clock)", "TIME");
}

void add_report_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& report =
      declare_group(app, "report", "Show, convert and clean reports, without verifying them.");

  CLI::App& show = declare_command(report, "show", "Print the fields of a report, unverified.",
                                   "keystone-attest report show report.bin");
  add_report(show, spelt);
  add_common(show, spelt.common, true);

  CLI::App& convert = declare_command(report, "convert", "Write a report in another form.",
                                      "keystone-attest report convert report.bin --to json");
  add_report(convert, spelt);
  add_required(convert, "--to", spelt.to, "fixed, compact or json", "F");
  add_common(convert, spelt.common, true);

  CLI::App& scrub =
      declare_command(report, "scrub", "Zero the unsigned tail of a report, and keep its form.",
                      "keystone-attest report scrub report.bin -o clean.bin");
  add_report(scrub, spelt);
  add_common(scrub, spelt.common, true);
}

void add_challenge(CLI::App& app, Spelling& spelt) {
  add_value(app, "--nonce", spelt.nonce, "The data must be this nonce of 8 to 64 bytes", "HEX");
  add_value(app, "--nonce-prefix", spelt.nonce_prefix, "The data must start with this nonce",
            "HEX");
  add_value(app, "--data", spelt.data,
            "The data must be these 1 to 1024 bytes; waives freshness, if no time is given", "HEX");
  add_value(app, "--channel-binding", spelt.channel_binding,
            "The data must be this channel binding of 64 bytes", "HEX");
  add_value(app, "--issued", spelt.issued, "When the challenge was made", "TIME");
  add_value(app, "--expires", spelt.expires, "The last second that it may be answered", "TIME");
  add_value(app, "--max-age", spelt.max_age,
            "The longest that it may have been out, 1 to 86400 seconds", "S");
}

void add_verify_command(CLI::App& app, Spelling& spelt) {
  CLI::App& verify = declare_command(
      app, "verify", "Verify a report by a policy and a challenge; exit 1 unless it is accepted.",
      "keystone-attest verify report.bin --policy policy.json \\\n"
      "    --nonce 030a11181f262d34 --issued 2026-11-22T20:46:21Z --max-age 300");
  add_report(verify, spelt);
  add_value(verify, "--policy", spelt.policy, "The policy file", "P");
  add_values(verify, "--device-key", spelt.device_keys,
             "A device key that is trusted, 32 bytes; may be repeated", "HEX");
  add_values(verify, "--sm-hash", spelt.sm_hashes,
             "A Security Monitor that is expected, 64 bytes; may be repeated", "HEX");
  add_values(verify, "--enclave-hash", spelt.enclave_hashes,
             "An enclave that is expected, 64 bytes; may be repeated", "HEX");
  add_challenge(verify, spelt);
  add_now(verify, spelt);
  verify.add_flag("--batch", spelt.batch,
                  "FILE has lines of JSON, a report and its challenge each; so has the answer");
  add_value(verify, "--jobs", spelt.jobs, "Threads for a batch (default: one per core)", "N");
  add_values(verify, "--waive", spelt.waivers,
             "Let a check fail, for a reason that every answer shows; may be repeated",
             "CHECK=REASON");
  add_common(verify, spelt.common, true);
  verify.get_option("--quiet")->description("The first line of the answer only, and no warnings");
}

void add_policy_command(CLI::App& app, Spelling& spelt) {
  CLI::App& policy = declare_group(app, "policy", "Check a policy file.");
  CLI::App& check = declare_command(policy, "check",
                                    "Read a policy strictly; print what is in it and what of it "
                                    "counts no more.",
                                    "keystone-attest policy check policy.json");
  add_file(check, "FILE", spelt, "The policy; - reads standard input");
  add_now(check, spelt);
  add_common(check, spelt.common, true);
}

// A command that reads or changes a policy file; `what` is what its name names.
CLI::App& declare_policy_command(CLI::App& group, Spelling& spelt, const std::string& name,
                                 const std::string& sentence, std::string_view example,
                                 bool changes) {
  CLI::App& app = declare_command(group, name, sentence, example);
  add_required(app, "--policy", spelt.policy,
               changes ? "The policy file" : "The policy file; - reads standard input", "P");
  if (changes) {
    app.add_flag("--drop-comments", spelt.drop_comments,
                 "Rewrite a file that has comments; they are lost");
  }
  add_common(app, spelt.common, !changes);
  return app;
}

void add_revocation(CLI::App& app, Spelling& spelt, const std::string& what) {
  add_required(app, "--name", spelt.name, what, "N");
  add_required(app, "--reason", spelt.reason, "Why, 1 to 512 bytes, for the record", "TEXT");
  add_now(app, spelt);
}

void add_reference_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& group =
      declare_group(app, "reference", "Keep the expected hashes of a policy: reference values.");

  CLI::App& add = declare_policy_command(
      group, spelt, "add", "Copy entries of a golden file into a policy, which is made if need be.",
      "keystone-attest reference add golden.json --policy policy.json", true);
  add_file(add, "GOLDEN", spelt, "What `keystone-measure golden` wrote; - reads standard input");
  add_values(add, "--name", spelt.names, "Only the entry of this name; may be repeated", "N");
  add_validity(add, spelt);

  declare_policy_command(group, spelt, "list", "List the expected hashes of a policy.",
                         "keystone-attest reference list --policy policy.json", false);

  CLI::App& remove = declare_policy_command(
      group, spelt, "remove", "Remove an expected hash from a policy.",
      "keystone-attest reference remove --policy policy.json --name hello", true);
  add_required(remove, "--name", spelt.name, "The entry's name", "N");

  CLI::App& revoke = declare_policy_command(
      group, spelt, "revoke", "Mark an expected hash of a policy as one that never counts again.",
      "keystone-attest reference revoke --policy policy.json --name hello \\\n"
      "    --reason 'has a known hole'",
      true);
  add_revocation(revoke, spelt, "The entry's name");
}

void add_device_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "device", "Keep the trusted devices of a policy.");

  CLI::App& add = declare_policy_command(
      group, spelt, "add", "Register a device key in a policy, which is made if need be.",
      "keystone-attest device add --policy policy.json --name board-7 \\\n"
      "    --key 17812078304a8421e5f184ab263f4335b8720ab76ac939e96900d5be96562138",
      true);
  add_required(add, "--name", spelt.name, "The device's name, unique among devices", "N");
  add_required(add, "--key", spelt.key, "Its public key, 32 bytes", "HEX");
  add_validity(add, spelt);

  declare_policy_command(group, spelt, "list", "List the devices of a policy.",
                         "keystone-attest device list --policy policy.json", false);

  CLI::App& revoke = declare_policy_command(
      group, spelt, "revoke", "Mark a device of a policy as one that never counts again.",
      "keystone-attest device revoke --policy policy.json --name board-7 \\\n"
      "    --reason 'lost in transport'",
      true);
  add_revocation(revoke, spelt, "The device's name");
}

}  // namespace

void declare_options(CLI::App& app, Spelling& spelt) {
  app.description(
      "Verifies attestation reports of Keystone enclaves, by a policy and a challenge,\n"
      "and keeps the policy.");
  app.set_version_flag("--version", std::string("keystone-attest ") + KEYSTONE_VERSION);
  app.require_subcommand(1);
  app.footer(std::string(kExitCodes));
  add_verify_command(app, spelt);
  add_report_commands(app, spelt);
  add_policy_command(app, spelt);
  add_reference_commands(app, spelt);
  add_device_commands(app, spelt);
  declare_request(app, spelt);
  declare_emulate(app, spelt.common, spelt.emulate);
}

}  // namespace keystone::cli::attest
