// SPDX-License-Identifier: Apache-2.0
#include "attestd/spelling.hpp"

#include <CLI/CLI.hpp>

namespace keystone::server::attestd {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 stopped as asked, or done; 1 the audit log does not hold; 2 usage;\n"
    "3 unreadable or malformed input; 4 internal error, or output cannot be written;\n"
    "5 the store cannot be reached.";

void add_value(CLI::App& app, const std::string& option, std::string& value,
               const std::string& text, const std::string& kind) {
  app.add_option(option, value, text)->option_text(kind);
}

void add_required(CLI::App& app, const std::string& option, std::string& value,
                  const std::string& text, const std::string& kind) {
  app.add_option(option, value, text)->option_text(kind + " (required)")->required();
}

CLI::App& declare_group(CLI::App& app, const std::string& name, const std::string& sentence) {
  CLI::App& group = *app.add_subcommand(name, sentence);
  group.require_subcommand(1);
  return group;
}

// A command about a node.
CLI::App& declare_command(CLI::App& group, Spelling& spelt, const std::string& name,
                          const std::string& sentence, std::string_view example, bool has_output) {
  CLI::App& app = cli::add_command(group, name, sentence, example, kExitCodes);
  add_required(app, "--state", spelt.state, "The node's state folder", "DIR");
  add_value(app, "--config", spelt.config, "Its configuration, if it has one", "FILE");
  cli::add_common(app, spelt.common, has_output);
  return app;
}

void declare_config(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "config", "Check a configuration.");
  CLI::App& check =
      cli::add_command(group, "check", "Read a configuration strictly, and the files it names.",
                       "keystone-attestd config check attestd.json", kExitCodes);
  check.add_option("FILE", spelt.file, "The configuration; - reads standard input")->required();
  cli::add_common(check, spelt.common, true);
}

void declare_tokens(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "token", "Keep the bearer tokens of who may do what.");
  CLI::App& add = declare_command(
      group, spelt, "add", "Make a token, and print it: it is shown this once.",
      "keystone-attestd token add --state DIR --role verifier --label gateway -o token", true);
  add_required(add, "--role", spelt.role, "admin, operator or verifier", "ROLE");
  add_required(add, "--label", spelt.label, "What it is for, 1 to 128 bytes", "TEXT");
  add_value(add, "--expires", spelt.expires,
            "The last second that it counts, such as 2026-11-22T20:46:21Z (default: for good)",
            "TIME");
  declare_command(group, spelt, "list", "List the tokens, without what is secret of them.",
                  "keystone-attestd token list --state DIR", true);
  CLI::App& revoke =
      declare_command(group, spelt, "revoke", "Let a token count no more, from now on.",
                      "keystone-attestd token revoke --state DIR --id 3f0c9a55d1e27b86", false);
  add_required(revoke, "--id", spelt.id, "The token's id, as list prints it", "ID");
}

// Of a node's log or of one that was exported, so that --state is not always there.
void declare_audit_verify(CLI::App& group, Spelling& spelt) {
  CLI::App& app = cli::add_command(
      group, "verify", "Check an audit log; exit 1 and name the first broken record.",
      "keystone-attestd audit verify --state DIR --checkpoint kept.jws", kExitCodes);
  add_value(app, "--state", spelt.state, "The node's state folder", "DIR");
  add_value(app, "--config", spelt.config, "Its configuration, if it has one", "FILE");
  add_value(app, "--export", spelt.exported,
            "Instead of a node's log, a file that audit export wrote; needs --keys", "FILE");
  add_value(app, "--checkpoint", spelt.checkpoint,
            "A signed checkpoint that was kept elsewhere; the log must reach it", "FILE");
  app.add_option("--keys", spelt.keys,
                 "Only these keys sign checkpoints: a JWK set, several times for several "
                 "(default: those of the node and its store)")
      ->option_text("FILE")
      ->allow_extra_args(false);
  cli::add_common(app, spelt.common, true);
}

void declare_audit(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "audit", "Check, export and sign the audit log.");
  declare_audit_verify(group, spelt);
  declare_command(group, spelt, "export", "Write the audit log, one JSON object a line.",
                  "keystone-attestd audit export --state DIR -o audit.ndjson", true);
  declare_command(group, spelt, "checkpoint", "Sign how the audit log ends now, and print that.",
                  "keystone-attestd audit checkpoint --state DIR -o kept.jws", true);
}

void declare_store(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "store", "Keep the store.");
  declare_command(group, spelt, "migrate",
                  "Bring the store up to date, as the daemon does when it starts.",
                  "keystone-attestd store migrate --state DIR", false);
}

void declare_keys(CLI::App& app, Spelling& spelt) {
  CLI::App& group = declare_group(app, "key", "Keep the keys that sign results.");
  declare_command(group, spelt, "list", "List the keys of this node, and when they sign.",
                  "keystone-attestd key list --state DIR", true);
  CLI::App& rotate =
      declare_command(group, spelt, "rotate", "Make the next key, and print its name.",
                      "keystone-attestd key rotate --state DIR", true);
  rotate.add_flag("--now", spelt.now, "It signs at once, and not only when everybody can know it");
}

}  // namespace

void declare_options(CLI::App& app, Spelling& spelt) {
  app.description(
      "The attestation server: challenges attesters, verifies reports of Keystone\n"
      "enclaves, and signs the results. Without a command it serves.");
  app.set_version_flag("--version", std::string("keystone-attestd ") + KEYSTONE_VERSION);
  app.require_subcommand(0, 1);
  app.footer("Example:\n  keystone-attestd --state DIR --listen 127.0.0.1:8440\n\n" +
             std::string(kExitCodes));
  add_value(app, "--state", spelt.state,
            "The state folder: keys, and the store unless it is elsewhere (required)", "DIR");
  add_value(app, "--config", spelt.config, "The configuration (default: all defaults)", "FILE");
  add_value(app, "--listen", spelt.listen,
            "Where the public listener listens (default: 127.0.0.1:8440); port 0: any",
            "ADDR:PORT");
  add_value(app, "--ear", spelt.ear, "How results are spelt: deployed (default) or draft", "FORM");
  app.add_flag("--insecure-http", spelt.insecure_http,
               "Allow plain HTTP on addresses that others reach");
  declare_config(app, spelt);
  declare_tokens(app, spelt);
  declare_audit(app, spelt);
  declare_store(app, spelt);
  declare_keys(app, spelt);
}

}  // namespace keystone::server::attestd
