// SPDX-License-Identifier: Apache-2.0
// The options of the group `emulate`.
#include "keystone-attest/spelling.hpp"

#include <CLI/CLI.hpp>

namespace keystone::cli::attest {
namespace {

void add_device(CLI::App& app, EmulateSpelling& spelt, bool must_have_key) {
  const std::string key = "Key file, or the word test-key for the published one";
  if (must_have_key) {
    add_required(app, "--device-key", spelt.device_key, key, "K");
  } else {
    add_value(app, "--device-key", spelt.device_key, key, "K");
  }
  add_value(app, "--platform", spelt.platform, "The board (default: generic)", "P");
  add_value(app, "--firmware", spelt.firmware,
            "The image that the boot ROM measures; - reads standard input", "FILE");
  add_value(app, "--boot-rom", spelt.boot_rom, "upstream (default) or sound", "B");
  add_value(app, "--base", spelt.base, "Where the firmware is loaded", "ADDR");
  add_value(app, "--size", spelt.size, "How much memory is measured, in bytes", "N");
  add_value(app, "--fill", spelt.fill, "What memory holds where the image has no byte (default: 0)",
            "BYTE");
}

void add_enclave(CLI::App& app, EmulateSpelling& spelt, bool must_have_files = true) {
  const auto add_file = must_have_files ? add_required : add_value;
  add_value(app, "--profile", spelt.profile,
            "Generation of Keystone, as keystone-measure has it (default: keystone-loader-rv64)",
            "P");
  add_file(app, "--eapp", spelt.eapp, "The enclave's application; - reads standard input", "FILE");
  add_file(app, "--runtime", spelt.runtime, "Its runtime", "FILE");
  add_value(app, "--loader", spelt.loader, "Its loader; page-walk profiles have none", "FILE");
  add_value(app, "--user-entry", spelt.user_entry,
            "Entry of the application; of pagewalk-v0.1 and v0.2, which need it", "ADDR");
}

void add_secret_keys(CLI::App& app, EmulateSpelling& spelt, const std::string& text) {
  app.add_flag("--print-secret-keys", spelt.print_secret_keys, text);
}

void add_keygen(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(group, "keygen",
                                  "Make a key file for an emulated device; print the public key.",
                                  "keystone-attest emulate keygen -o board.key");
  add_value(app, "--seed", spelt.seed, "Make the key of these 32 bytes (default: random ones)",
            "HEX");
  add_required(app, "-o,--output", common.output, "The key file, which must not exist yet", "FILE");
  add_secret_keys(app, spelt, "Print the secret key, too");
  add_common(app, common, false);
}

void add_boot(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(group, "boot",
                                  "Boot a firmware; print what its Security Monitor is known by.",
                                  "keystone-attest emulate boot --device-key test-key \\\n"
                                  "    --firmware test-vectors/bundled/rv64/firmware.bin");
  add_device(app, spelt, true);
  add_common(app, common, true);
}

void add_attest(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app =
      declare_command(group, "attest", "Boot a firmware, create an enclave, and write its report.",
                      "keystone-attest emulate attest --device-key test-key \\\n"
                      "    --firmware test-vectors/bundled/rv64/firmware.bin \\\n"
                      "    --eapp test-vectors/bundled/rv64/eapp.elf \\\n"
                      "    --runtime test-vectors/bundled/rv64/runtime.elf \\\n"
                      "    --loader test-vectors/bundled/rv64/loader.bin \\\n"
                      "    --nonce 030a11181f262d34 -o report.bin");
  add_device(app, spelt, true);
  add_enclave(app, spelt);
  add_value(app, "--nonce", spelt.nonce, "The data of the report: a nonce of 8 to 64 bytes", "HEX");
  add_value(app, "--data", spelt.data, "The data of the report, 1 to 1024 bytes", "HEX");
  add_value(app, "--format", spelt.format, "fixed (default), compact or json", "F");
  add_value(app, "--dirty-tail", spelt.dirty_tail,
            "Fill the unsigned tail of a fixed report from this number", "SEED");
  add_common(app, common, true);
}

void add_seal(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(
      group, "seal", "Boot a firmware, create an enclave, and print a sealing key of it.",
      "keystone-attest emulate seal --device-key test-key --print-secret-keys \\\n"
      "    --firmware test-vectors/bundled/rv64/firmware.bin \\\n"
      "    --eapp test-vectors/bundled/rv64/eapp.elf \\\n"
      "    --runtime test-vectors/bundled/rv64/runtime.elf \\\n"
      "    --loader test-vectors/bundled/rv64/loader.bin --ident 6b6579");
  add_device(app, spelt, true);
  add_enclave(app, spelt);
  add_value(app, "--ident", spelt.ident, "Identifier of the key, 1 to 1024 bytes (default: none)",
            "HEX");
  add_secret_keys(app, spelt, "Print the sealing key: without this option it is refused");
  add_common(app, common, false);
}

void add_run_script(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(
      group, "run-script", "Put the calls of a script to a Security Monitor; print its answers.",
      "keystone-attest emulate run-script cli/tests/data/emulate-script.json --json");
  app.add_option("FILE", spelt.script, "The script; - reads standard input")
      ->option_text("(required)")
      ->required();
  add_device(app, spelt, false);
  add_secret_keys(app, spelt, "Print sealing keys, too");
  add_common(app, common, false);
}

void add_serve(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(
      group, "serve", "Boot a firmware, create an enclave, and let it attest to clients over TCP.",
      "keystone-attest emulate serve --listen 127.0.0.1:0 --protocol raw --device-key test-key \\\n"
      "    --firmware test-vectors/bundled/rv64/firmware.bin \\\n"
      "    --eapp test-vectors/bundled/rv64/eapp.elf \\\n"
      "    --runtime test-vectors/bundled/rv64/runtime.elf \\\n"
      "    --loader test-vectors/bundled/rv64/loader.bin");
  add_required(app, "--listen", spelt.listen,
               "Address and port, as 127.0.0.1:0; port 0 is one of the system's choice", "A");
  add_required(app, "--protocol", spelt.protocol, "keystone-demo, wasm-demo, schannel-demo or raw",
               "P");
  add_device(app, spelt, true);
  add_enclave(app, spelt);
  add_value(app, "--format", spelt.format, "fixed (default), compact or json", "F");
  app.add_flag("--bind", spelt.bind, "Bind the channel, as the example clients with --bind want");
  add_value(app, "--timeout", spelt.timeout,
            "What a client has for each message, 1 to 3600 seconds (default: 10)", "N");
  add_value(app, "--max-connections", spelt.max_connections,
            "How many at once, 1 to 1000; others wait (default: 64)", "N");
  add_value(app, "--requests", spelt.requests, "End after so many reports (default: never)", "N");
  app.add_flag("--allow-remote", spelt.allow_remote, "Serve other machines, too");
  add_common(app, common, false);
}

void add_negatives(CLI::App& group, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& app = declare_command(
      group, "negatives", "Write evidence that is wrong in one way each, to test a verifier with.",
      "keystone-attest emulate negatives negatives");
  app.add_option("DIR", spelt.folder, "The folder to make; one that is there must be empty")
      ->option_text("(required)")
      ->required();
  add_value(app, "--seed", spelt.seed, "Make all of it from these 32 bytes (default: zeros)",
            "HEX");
  add_common(app, common, false);
}

}  // namespace

void declare_emulate(CLI::App& app, CommonArguments& common, EmulateSpelling& spelt) {
  CLI::App& group =
      declare_group(app, "emulate", "Be a Keystone device in software: keys, reports, answers.");
  add_keygen(group, common, spelt);
  add_boot(group, common, spelt);
  add_attest(group, common, spelt);
  add_seal(group, common, spelt);
  add_run_script(group, common, spelt);
  add_negatives(group, common, spelt);
  add_serve(group, common, spelt);
}

void declare_emulated_attester(CLI::App& app, bool& emulate, EmulateSpelling& spelt) {
  CLI::Option* const flag =
      app.add_flag("--emulate", emulate, "Be the device in software, as emulate attest is");
  const std::size_t before = app.get_options().size();
  add_device(app, spelt, false);
  add_enclave(app, spelt, false);
  const auto options = app.get_options();
  for (auto option = options.begin() + static_cast<std::ptrdiff_t>(before); option != options.end();
       ++option) {
    (*option)->needs(flag);
  }
}

}  // namespace keystone::cli::attest
