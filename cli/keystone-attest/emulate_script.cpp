// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_script.hpp"

#include "common/command_line.hpp"
#include "keystone-attest/emulate_arguments.hpp"
#include "keystone-attest/emulate_json.hpp"
#include "keystone/base/text.hpp"

#include <array>
#include <utility>

namespace keystone::cli::attest {
namespace {

namespace fs = std::filesystem;

Result<Profile> read_scheme(const JsonObject& script) {
  constexpr std::array<std::string_view, 4> kSchemes = {"loader-rv64", "loader-rv32",
                                                        "pagewalk-rv64", "pagewalk-rv32"};
  constexpr std::array kProfiles = {Profile::keystone_loader_rv64, Profile::keystone_loader_rv32,
                                    Profile::keystone_v1, Profile::keystone_v1_rv32};
  static_assert(kSchemes.size() == kProfiles.size());
  KEYSTONE_TRY(const auto index, word_at(script, "scheme", kSchemes));
  return kProfiles[index];
}

// A path as whoever opens it needs it: names in scripts are files, never standard input.
Result<std::string> path_at(const JsonObject& object, std::string_view key,
                            const fs::path& folder) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  if (text.empty() || text.find('\0') != std::string::npos) {
    return fail(ErrorCode::malformed, object.path_of(key) + ": want a path");
  }
  const fs::path path = folder / (text == "-" ? "./-" : text);
  std::error_code ignored;  // what is missing is found out where it is opened
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
    return fail(ErrorCode::unreadable, object.path_of(key) + ": " + printable(text) +
                                           ": not a regular file: a script waits for nobody");
  }
  return path.string();
}

Result<DeviceRequest> read_device(const JsonObject& script, const fs::path& folder) {
  DeviceRequest device;
  if (script.has("device_key")) {
    KEYSTONE_TRY(const auto word, script.string_at("device_key"));
    KEYSTONE_TRY(auto path, path_at(script, "device_key", folder));
    device.key = word == kTestKey ? word : std::move(path);
  }
  if (script.has("platform")) {
    KEYSTONE_TRY(device.platform, script.string_at("platform"));
    KEYSTONE_CHECK_OK(as_malformed(platform_from_name(*device.platform)));
  }
  if (script.has("firmware")) {
    KEYSTONE_TRY(device.firmware, path_at(script, "firmware", folder));
  }
  if (script.has("sm_hash")) {
    KEYSTONE_TRY(const auto text, script.string_at("sm_hash"));
    KEYSTONE_TRY(device.sm_hash, SmHash::from_hex(script.path_of("sm_hash"), text));
  }
  if (script.has("boot_rom")) {
    KEYSTONE_TRY(const auto word, script.string_at("boot_rom"));
    KEYSTONE_TRY(device.boot_rom, as_malformed(parse_boot_rom("boot_rom", word)));
  }
  return device;
}

Result<std::vector<JsonObject>> bounded_objects_at(const JsonObject& script, std::string_view key,
                                                   std::size_t most) {
  KEYSTONE_TRY(auto entries, script.objects_at(key));
  if (entries.size() > most) {
    return fail(ErrorCode::limit_exceeded, script.path_of(key) + ": got " +
                                               std::to_string(entries.size()) +
                                               " entries, want at most " + std::to_string(most));
  }
  return entries;
}

Result<std::vector<MemoryFile>> read_memory(const JsonObject& script, const fs::path& folder) {
  std::vector<MemoryFile> files;
  if (!script.has("memory")) {
    return files;
  }
  KEYSTONE_TRY(const auto entries, bounded_objects_at(script, "memory", kMaxScriptFiles));
  for (const JsonObject& entry : entries) {
    KEYSTONE_TRY(auto path, path_at(entry, "file", folder));
    KEYSTONE_TRY(const auto at, number_at(entry, "at"));
    KEYSTONE_CHECK_OK(entry.no_others());
    files.push_back({std::move(path), at});
  }
  return files;
}

Result<std::vector<ScriptCall>> read_calls(const JsonObject& script) {
  KEYSTONE_TRY(const auto entries, bounded_objects_at(script, "calls", kMaxScriptCalls));
  std::vector<ScriptCall> calls;
  for (const JsonObject& entry : entries) {
    KEYSTONE_TRY(auto call, read_call(entry));
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace

Result<Script> parse_script(std::string_view text, const fs::path& folder) {
  KEYSTONE_TRY(const auto script, parse_json_object(text));
  KEYSTONE_TRY(const auto profile, read_scheme(script));
  KEYSTONE_TRY(auto device, read_device(script, folder));
  KEYSTONE_TRY(auto memory, read_memory(script, folder));
  KEYSTONE_TRY(auto calls, read_calls(script));
  KEYSTONE_CHECK_OK(script.no_others());
  return Script{profile, std::move(device), std::move(memory), std::move(calls)};
}

Result<DeviceRequest> merge(const DeviceRequest& script, const DeviceRequest& options) {
  DeviceRequest merged = options;
  std::string_view twice;
  const auto take = [&](auto DeviceRequest::*member, std::string_view option) {
    if (script.*member && options.*member) {
      twice = option;
    } else if (script.*member) {
      merged.*member = script.*member;
    }
  };
  take(&DeviceRequest::key, "--device-key");
  take(&DeviceRequest::platform, "--platform");
  take(&DeviceRequest::firmware, "--firmware");
  take(&DeviceRequest::sm_hash, "");  // there is no such option
  take(&DeviceRequest::boot_rom, "--boot-rom");
  if (!twice.empty()) {
    return usage(std::string(twice) + ": given, and the script says it, too");
  }
  return merged;
}

}  // namespace keystone::cli::attest
