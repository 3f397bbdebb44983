// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <keystone/base/golden.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace keystone {

// A digest of one repeated byte, so that each place of the example has a value of its own.
template <class Hash>
Hash repeated(std::uint8_t byte) {
  std::array<std::uint8_t, Hash::kSize> bytes{};
  bytes.fill(byte);
  return Hash(bytes);
}

inline GoldenInput example_input(std::string path, std::uint8_t byte) {
  return {std::move(path), repeated<FileDigest>(byte)};
}

inline GoldenEnclave example_enclave(std::string name) {
  return {std::move(name),
          "keystone-loader-rv64",
          example_input("build/eapp.elf", 0x0a),
          example_input("build/eyrie-rt", 0x0b),
          example_input("../loader.bin", 0x0c),
          true,
          repeated<EnclaveHash>(0x0d)};
}

inline GoldenSm example_sm(std::string name) {
  return {std::move(name),       "generic", example_input("fw_payload.bin", 0x1a),
          0x8000'0000,           0x1f'f000, std::uint8_t{0xff},
          repeated<SmHash>(0x1b)};
}

// One entry of each kind with every field there.
inline GoldenFile example_file() {
  return {{example_enclave("hello")}, {example_sm("board")}};
}

// An SM that is only what it must be.
inline GoldenSm bare_sm(std::string name) {
  return {std::move(name),       "generic", example_input("fw.bin", 0x2a), {}, {}, {},
          repeated<SmHash>(0x2b)};
}

}  // namespace keystone
