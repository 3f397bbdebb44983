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
  app.add_option("--loader", spelt.loader,
                 "The loader: loader.bin, or its ELF file, of which .text is taken; page-walk\n"
                 "profiles have none")
      ->option_text("F");
  app.add_option("--profile", spelt.profile,
                 "The way of measuring (default: keystone-loader-rv64; see `profiles`)")
      ->option_text("P");
  app.add_flag("--loader-raw", spelt.loader_raw, "Take every file as it is, ELF or not");
}

void add_page_walk(CLI::App& app, Spelling& spelt) {
  const auto add = [&](const char* option, std::string& value, const char* unit, const char* text) {
    app.add_option(option, value, text)->option_text(unit)->group("Page-walk profiles");
  };
  add("--untrusted-size", spelt.untrusted_size, "N", "Size of the untrusted buffer in bytes");
  add("--untrusted-ptr", spelt.untrusted_ptr, "A", "Virtual address of the untrusted buffer");
  add("--stack-size", spelt.stack_size, "N",
      "Size of the eapp's stack in bytes; 0 for a runtime that makes its own");
  add("--freemem", spelt.freemem, "N", "Free memory asked for, in bytes; not measured");
  add("--runtime-stack", spelt.runtime_stack, "N", "v0.1, v0.2: size of the runtime's stack");
  add("--runtime-entry", spelt.runtime_entry, "A", "v0.1, v0.2: where the runtime starts");
  add("--user-entry", spelt.user_entry, "A", "v0.1, v0.2: where the eapp starts (required)");
}

// Not for golden files, which keep no limit: what was added must pass a check.
void add_memory_limit(CLI::App& app, Spelling& spelt) {
  app.add_option("--max-memory", spelt.max_memory,
                 "Largest enclave memory in bytes (default: 4 GiB)")
      ->option_text("N")
      ->group("Page-walk profiles");
}

// All that says how an enclave is measured.
void add_measured_enclave(CLI::App& app, Spelling& spelt) {
  add_enclave(app, spelt, true);
  add_page_walk(app, spelt);
  add_memory_limit(app, spelt);
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

void add_explain(CLI::App& app, Spelling& spelt) {
  CLI::App& explain = declare_command(
      app, "explain", "Show what the hash of an enclave covers, and where each byte comes from.",
      "keystone-measure explain --eapp hello --runtime eyrie-rt --loader loader.bin \\\n"
      "    --html hello.html");
  add_measured_enclave(explain, spelt);
  explain.add_flag("--pages", spelt.pages, "Each page with its digest; functions, too (--json)");
  explain.add_option("--html", spelt.html, "Write a page with the memory map to this file")
      ->option_text("FILE");
  explain.add_option("--svg", spelt.svg, "Write the memory map as a picture to this file")
      ->option_text("FILE");
  add_common(explain, spelt.common, true);
}

void add_diff(CLI::App& app, Spelling& spelt) {
  CLI::App& diff = declare_command(
      app, "diff", "Say why two enclaves have different hashes; exit 1 if they have.",
      "keystone-measure diff golden.json:hello \\\n"
      "    eapp=hello,runtime=eyrie-rt,loader=loader.bin");
  for (const auto& [name, value] :
       {std::pair("LEFT", &spelt.left), std::pair("RIGHT", &spelt.right)}) {
    diff.add_option(name, *value,
                    "A transcript of `explain --json --pages`, a golden entry FILE:NAME, or\n"
                    "files: eapp=F,runtime=F,loader=F,profile=P, and other options so")
        ->option_text("(required)")
        ->required();
  }
  diff.add_option("--limit", spelt.limit, "Differences of each kind to list (default: 20)")
      ->option_text("N");
  diff.add_flag("--allow-outside", spelt.allow_outside,
                "Let inputs lie outside the folder of a golden file");
  add_common(diff, spelt.common, true);
}

void add_diagnose(CLI::App& app, Spelling& spelt) {
  CLI::App& diagnose = declare_command(
      app, "diagnose", "Find the way of measuring that gives a hash that was seen; exit 1 if none.",
      "keystone-measure diagnose --report report.bin --eapp hello --runtime eyrie-rt \\\n"
      "    --loader loader.bin");
  diagnose.add_option("--report", spelt.report, "The report that was seen, in any format")
      ->option_text("R");
  diagnose.add_option("--hash", spelt.hash, "Or the hash alone, 128 hex digits")->option_text("H");
  diagnose.add_option("--eapp", spelt.eapp, "The enclave application")->option_text("F");
  diagnose.add_option("--runtime", spelt.runtime, "The runtime")->option_text("F");
  diagnose.add_option("--loader", spelt.loader, "The loader; without it, page-walk profiles only")
      ->option_text("F");
  diagnose.add_option("--sm", spelt.image, "Instead: the firmware image, against the SM's hash")
      ->option_text("IMAGE");
  diagnose
      .add_option("--time-limit", spelt.time_limit,
                  "Seconds until the search is given up (default: 600)")
      ->option_text("N");
  add_common(diagnose, spelt.common, true);
}

void add_measuring_commands(CLI::App& app, Spelling& spelt) {
  CLI::App& enclave = declare_command(
      app, "enclave", "Compute the hash that the Security Monitor will report for an enclave.",
      "keystone-measure enclave --eapp hello --runtime eyrie-rt --loader loader.bin");
  add_measured_enclave(enclave, spelt);
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

  CLI::App& image = declare_command(
      app, "image", "Write the enclave's private memory as the Security Monitor receives it.",
      "keystone-measure image --eapp hello --runtime eyrie-rt --profile keystone-v1 \\\n"
      "    --base 0x90000000 -o epm.bin --map");
  add_measured_enclave(image, spelt);
  image.add_option("--base", spelt.base, "Physical address of the memory (default: 0x90000000)")
      ->option_text("A");
  image
      .add_option("--size", spelt.size,
                  "Size of the memory in bytes (default: what the driver takes)")
      ->option_text("N");
  image
      .add_option("--utm-base", spelt.utm_base,
                  "Physical address of the untrusted memory (default: behind the private)")
      ->option_text("A");
  image.add_flag("--map", spelt.map, "Print the create call's arguments as JSON");
  add_common(image, spelt.common, true);

  add_explain(app, spelt);
  add_diff(app, spelt);
  add_diagnose(app, spelt);

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
  add_page_walk(add, spelt);
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
