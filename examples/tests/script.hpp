// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attester.hpp"
#include "scripted_peer.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace keystone::testing {

using Bytes = std::vector<std::uint8_t>;

// What a script has to work with.
struct Scene {
  ScriptedPeer peer;
  Attester attester;
  Bytes bytes;  // of the file that the command line names
};

using Script = std::function<void(Scene&)>;

// A whole server program: `... SCRIPT POLICY [BYTES]`. It writes to POLICY a policy that accepts
// Attester() and waives nothing, carries out the script, and returns the exit code. The scripts of
// every server: `play` sends what is in the file BYTES, `bytewise` byte by byte, `drip` slowly so;
// `silent` waits until the client gives up.
[[nodiscard]] int run_script(int argc, const char* const* argv,
                             std::map<std::string, Script> scripts);

// `second` behind `first`.
[[nodiscard]] Bytes joined(ByteView first, ByteView second);

}  // namespace keystone::testing
