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
          {},
          repeated<EnclaveHash>(0x0d)};
}

// An enclave of a page-walk profile with every parameter there, each with a value of its own.
inline GoldenEnclave example_page_walk(std::string name) {
  return {std::move(name),
          "pagewalk-v0.2",
          example_input("eapp.elf", 0x3a),
          example_input("eyrie-rt", 0x3b),
          {},
          false,
          {.untrusted_ptr = 0xffff'ffff'e000'0000,
           .untrusted_size = 0x2000,
           .stack_size = 0,
           .freemem = 1,
           .runtime_stack = 0x4000,
           .runtime_entry = UINT64_MAX,
           .user_entry = 0x1'0000},
          repeated<EnclaveHash>(0x3c)};
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
