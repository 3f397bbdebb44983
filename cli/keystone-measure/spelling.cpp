// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/spelling.hpp"

#include <string_view>

#include <CLI/CLI.hpp>

namespace keystone::cli {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done, or all match; 1 a check says no; 2 usage; 3 unreadable or\n"
    "malformed input; 4 internal error, or output cannot be written.";

void add_enclave(CLI::App& app, Spelling& spelt, bool required) {
  const auto add_file = [&](const char* option, std::string& path, const char* text) {
    app.add_option(option, path, text)
        ->option_text(required ? "F (required)" : "F")
        ->required(required);
  };
  add_file("--eapp", spelt.eapp, "The enclave application, an ELF file");
  add_file("--runtime", spelt.runtime, "The runtime, such as eyrie-rt");
  add_file("--loader", spelt.loader,
           "The loader: loader.bin, or its ELF file, of which .text is taken");
  app.add_option("--profile", spelt.profile,
                 "The way of measuring (default: keystone-loader-rv64; see `profiles`)")
      ->option_text("P");
  app.add_flag("--loader-raw", spelt.loader_raw, "Take every file as it is, ELF or not");
}

void add_window(CLI::App& app, Spelling& spelt) {
  app.add_option("--platform", spelt.platform, "The board (default: generic; see `platforms`)")
      ->option_text("P");
  app.add_option("--base", spelt.base, "Physical address of the measured window")->option_text("A");
  app.add_option("--size", spelt.size, "Size of the measured window in bytes")->option_text("N");
  app.add_option("--fill", spelt.fill, "What memory holds behind the image (default: 0)")
      ->option_text("BYTE");
}

CLI::App& declare_command(CLI::App& parent, const std::string& name, const std::string& sentence,
                          std::string_view example) {
  return add_command(parent, name, sentence, example, kExitCodes);
}

void add_measuring_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& enclave = declare_command(
      app, "enclave", "Compute the hash that the Security Monitor will report for an enclave.",
      "keystone-measure enclave --eapp hello --runtime eyrie-rt --loader loader.bin");
  add_enclave(enclave, spelt, true);
  enclave.add_option("--format", spelt.format, "hex (default), json or c-header")
      ->option_text("FORMAT");
  add_common(enclave, spelt.common, true);

  CLI::App& sm = declare_command(
      app, "sm", "Compute the hash that the boot ROM will report for a firmware image.",
      "keystone-measure sm fw_payload.bin --platform generic");
  sm.add_option("IMAGE", spelt.image, "The firmware: a flat image or an ELF file; - reads a pipe")
      ->option_text("(required)")
      ->required();
  add_window(sm, spelt);
  sm.add_option("--format", spelt.format, "hex (default), json or c-header")->option_text("FORMAT");
  add_common(sm, spelt.common, true);

  CLI::App& profiles = declare_command(app, "profiles", "List the ways of measuring an enclave.",
                                       "keystone-measure profiles --json");
  add_common(profiles, spelt.common, true);
  CLI::App& platforms = declare_command(app, "platforms", "List the boards whose window is known.",
                                        "keystone-measure platforms --json");
  add_common(platforms, spelt.common, true);
}

CLI::App& add_golden_command(CLI::App& golden, Spelling& spelt, const std::string& name,
                             const std::string& sentence, std::string_view example) {
  CLI::App& app = declare_command(golden, name, sentence, example);
  app.add_option("FILE", spelt.golden, "The golden file")->option_text("(required)")->required();
  app.add_flag("--allow-outside", spelt.allow_outside,
               "Let inputs lie outside the folder of the golden file");
  return app;
}

void add_golden_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& golden =
      *app.add_subcommand("golden", "Keep hashes in a golden file, and check them in CI.");
  golden.require_subcommand(1);

  CLI::App& add = add_golden_command(
      golden, spelt, "add", "Measure an enclave (--eapp ...) or a firmware (--sm) into an entry.",
      "keystone-measure golden add golden.json --name hello --eapp hello \\\n"
      "    --runtime eyrie-rt --loader loader.bin");
  add.add_option("--name", spelt.name, "The entry's name, unique in the file")
      ->option_text("NAME")
      ->required();
  add_enclave(add, spelt, false);
  add.add_option("--sm", spelt.image, "The firmware image")->option_text("IMAGE");
  add_window(add, spelt);
  add_common(add, spelt.common, false);

  CLI::App& remove = add_golden_command(golden, spelt, "remove", "Remove an entry.",
                                        "keystone-measure golden remove golden.json --name hello");
  remove.add_option("--name", spelt.name, "The entry's name")->option_text("NAME")->required();
  add_common(remove, spelt.common, false);

  CLI::App& update =
      add_golden_command(golden, spelt, "update", "Measure every entry again and record it.",
                         "keystone-measure golden update golden.json");
  add_common(update, spelt.common, false);

  CLI::App& check = add_golden_command(
      golden, spelt, "check", "Measure every entry again; exit 1 unless all hashes match.",
      "keystone-measure golden check golden.json --format junit -o report.xml");
  check.add_option("--jobs", spelt.jobs, "Entries measured at once (default: one per core)")
      ->option_text("N");
  check.add_option("--format", spelt.format, "text (default), json, junit, sarif or github")
      ->option_text("FORMAT");
  add_common(check, spelt.common, true);
}

}  // namespace

void declare_options(CLI::App& app, Spelling& spelt) {
  app.description(
      "Computes, offline, the hashes that Keystone reports for an enclave and for its\n"
      "Security Monitor, and checks them in CI.");
  app.set_version_flag("--version", std::string("keystone-measure ") + KEYSTONE_VERSION);
  app.require_subcommand(1);
  app.footer(std::string(kExitCodes));
  add_measuring_commands(app, spelt);
  add_golden_commands(app, spelt);
}

}  // namespace keystone::cli
