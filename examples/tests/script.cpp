// SPDX-License-Identifier: Apache-2.0
#include "script.hpp"

#include "keystone/base/assert.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace keystone::testing {
namespace {

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  KEYSTONE_ASSERT(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_policy(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  KEYSTONE_ASSERT(file << Attester().policy().serialize().value() << std::flush);
}

}  // namespace

int run_script(int argc, const char* const* argv, std::map<std::string, Script> scripts) {
  scripts["play"] = [](Scene& scene) { scene.peer.send(scene.bytes); };
  scripts["bytewise"] = [](Scene& scene) { scene.peer.send_bytewise(scene.bytes); };
  scripts["drip"] = [](Scene& scene) { scene.peer.drip(scene.bytes); };
  scripts["silent"] = [](Scene& scene) { (void)scene.peer.receive(std::size_t{1} << 20U); };
  const auto script = argc == 3 || argc == 4 ? scripts.find(argv[1]) : scripts.end();
  if (script == scripts.end()) {
    std::cerr << "want: SCRIPT POLICY [BYTES]\n";
    return 2;
  }
  write_policy(argv[2]);  // before the client can know that there is a server
  Scene scene{ScriptedPeer(), Attester(), argc == 4 ? read_file(argv[3]) : Bytes()};
  script->second(scene);
  scene.peer.finish();
  return 0;
}

Bytes joined(ByteView first, ByteView second) {
  Bytes bytes(first.begin(), first.end());
  bytes.insert(bytes.end(), second.begin(), second.end());
  return bytes;
}

}  // namespace keystone::testing
