// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_script.hpp"

#include <nlohmann/json.hpp>

// An emulated machine that a script runs on.
namespace keystone::cli::attest {

// What the monitor answered: its identity, and an object for each call.
struct ScriptAnswers {
  SmIdentity identity;
  nlohmann::ordered_json calls;  // [{"call": "create", "error": 0, "enclave": 0, ...}, ...]
};

// Boots the device, fills its memory and puts the calls, in their order. Sealing keys are answered
// only if they are wanted: their signatures always.
//
// `malformed`, naming the place in the script, for files that meet each other or that lie where
// there is no memory, and for a call that the emulator cannot answer as a monitor would;
// `limit_exceeded` for more than kMaxScriptMemory; fails as start_monitor() and InputFile, too.
[[nodiscard]] Result<ScriptAnswers> run_script(const Script& script, bool with_secret_keys,
                                               const Console& console);

}  // namespace keystone::cli::attest
