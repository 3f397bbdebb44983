// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_call.hpp"
#include "keystone-attest/emulate_device.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

// Scripts for an emulated Security Monitor: what is in memory and what it is asked. The format is
// described in docs/emulator.md.
namespace keystone::cli::attest {

inline constexpr std::size_t kMaxScriptCalls = 4096;
inline constexpr std::size_t kMaxScriptFiles = 1024;
inline constexpr std::uint64_t kMaxScriptMemory = std::uint64_t{1} << 30U;  // bytes of all files
// Bytes of memory that were read when an enclave is to be created: each may measure 8 GiB more.
inline constexpr std::uint64_t kMaxScriptMeasured = std::uint64_t{16} << 30U;

// A file whose bytes are in memory when the machine starts.
struct MemoryFile {
  std::string path;
  std::uint64_t at;
};

struct Script {
  Profile profile;  // one of the generation
  DeviceRequest device;
  std::vector<MemoryFile> memory;
  std::vector<ScriptCall> calls;
};

// Reads a script whose relative paths start in `folder`. `malformed`, naming the place, for what it
// should not say; `limit_exceeded` for more files or calls than above.
[[nodiscard]] Result<Script> parse_script(std::string_view text,
                                          const std::filesystem::path& folder);

// What a script and options say about a device. `usage` if both say something of one thing.
[[nodiscard]] Result<DeviceRequest> merge(const DeviceRequest& script,
                                          const DeviceRequest& options);

}  // namespace keystone::cli::attest
