// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/command_line.hpp"
#include "common/console.hpp"
#include "keystone/report/report.hpp"

#include <functional>
#include <string>
#include <vector>

// The group `emulate`, as the rest of the program sees it. A build without the emulator has
// emulate_none.cpp in place of all other emulate_*.cpp: no such commands, and nothing that signs.
namespace keystone::cli::attest {

// Its options as the user spelt them; empty means not given.
struct EmulateSpelling {
  std::string seed;
  std::string device_key, platform, firmware, base, size, fill, boot_rom;
  std::string profile, eapp, runtime, loader, user_entry;
  std::string data, nonce, format, dirty_tail, ident;
  std::string script;
  std::string folder;  // of `negatives`
  std::string listen, protocol, timeout, max_connections, requests;
  bool print_secret_keys = false;
  bool bind = false;
  bool allow_remote = false;
};

// One of its commands, ready to be carried out; the result is as that of Task::run.
struct EmulateCommand {
  CommonArguments common;
  std::function<Result<int>(const Console&)> run;
};

// Declares the commands, if this build has them. Both spellings must outlive the parse.
void declare_emulate(CLI::App& app, CommonArguments& common, EmulateSpelling& spelt);

// The command of that name, `emulate boot` for example, which must be a declared one. Fails with
// `usage`.
[[nodiscard]] Result<EmulateCommand> emulate_command(const std::string& name,
                                                     const CommonArguments& common,
                                                     const EmulateSpelling& spelt);

// An emulated device with an enclave, for other commands.
struct EmulatedAttester {
  std::function<Result<Report>(ByteView data, const Console&)> attest;  // for these data
  std::vector<std::string> inputs;                                      // the files it is made of
};

// Declares the flag --emulate and the options of the device and its enclave, if this build has an
// emulator.
void declare_emulated_attester(CLI::App& app, bool& emulate, EmulateSpelling& spelt);

// The attester that the options describe; they must have been declared. Fails with `usage`.
[[nodiscard]] Result<EmulatedAttester> emulated_attester(const EmulateSpelling& spelt);

}  // namespace keystone::cli::attest
