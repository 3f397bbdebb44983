// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_script.hpp"

#include "keystone/testing/fails_with.hpp"

#include <nlohmann/json.hpp>

namespace keystone::cli::attest {
namespace {

using nlohmann::json;
using testing::fails_with;

json create() {
  return {{"epm_base", "0x90000000"}, {"epm_size", "0x10000"},   {"utm_base", "0x88000000"},
          {"utm_size", "0x2000"},     {"runtime", "0x90001000"}, {"user", "0x90002000"},
          {"free", "0x90003000"}};
}

json script_with(json calls) {
  return {
      {"scheme", "loader-rv64"}, {"sm_hash", std::string(128, '1')}, {"calls", std::move(calls)}};
}

Result<Script> parse(const json& script) {
  return parse_script(script.dump(), "folder");
}

// Whether a script of that one call is malformed, for that fact.
::testing::AssertionResult refuses_call(const json& call, std::string_view fact) {
  return fails_with(parse(script_with(json::array({call}))), ErrorCode::malformed,
                    {"calls[0]", fact});
}

::testing::AssertionResult refuses(const std::string& key, const json& value,
                                   std::string_view fact) {
  json script = script_with(json::array());
  script[key] = value;
  return fails_with(parse(script), ErrorCode::malformed, fact);
}

TEST(EmulateScript, HasEveryCall) {
  json all = json::array({{{"create", create()}}});
  for (const char* const name : {"destroy", "run", "resume", "exit"}) {
    all.push_back({{name, {{"enclave", 3}}}});
  }
  all.push_back({{"stop", {{"enclave", 3}, {"reason", "timer_interrupt"}}}});
  all.push_back({{"random", json::object()}});
  all.push_back({{"attest", {{"enclave", 3}, {"data", "00ff"}}}});
  all.push_back({{"sealing_key", {{"enclave", 3}, {"ident", ""}}}});
  all.push_back({{"call", {{"function", 4000}, {"from_enclave", true}}}});
  const auto script = parse(script_with(all));
  ASSERT_TRUE(script.has_value()) << script.error().message;
  ASSERT_EQ(script->calls.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(name_of(script->calls[i]), all[i].begin().key());
  }
  EXPECT_EQ(std::get<CreateCall>(script->calls[0]).arguments.user_base, 0x90002000U);
  EXPECT_EQ(std::get<AttestCall>(script->calls[7]).data, (std::vector<std::uint8_t>{0, 0xff}));
  EXPECT_EQ(std::get<NumberedCall>(script->calls[9]).function_id, 4000U);
}

TEST(EmulateScript, AttestsDataInMemory) {
  const auto script = parse(script_with(json::array({{{"attest",
                                                       {{"enclave", 0},
                                                        {"report_at", "0x90000000"},
                                                        {"data_at", "0x90001000"},
                                                        {"size", "8"}}}}})));
  ASSERT_TRUE(script.has_value());
  const auto& call = std::get<AttestInMemoryCall>(script->calls[0]);
  EXPECT_EQ(call.report_at, 0x90000000U);
  EXPECT_EQ(call.data_at, 0x90001000U);
  EXPECT_EQ(call.size, 8U);
}

TEST(EmulateScript, NamesTheMonitorOfItsScheme) {
  const std::pair<const char*, Profile> schemes[] = {{"loader-rv64", Profile::keystone_loader_rv64},
                                                     {"loader-rv32", Profile::keystone_loader_rv32},
                                                     {"pagewalk-rv64", Profile::keystone_v1},
                                                     {"pagewalk-rv32", Profile::keystone_v1_rv32}};
  for (const auto& [name, profile] : schemes) {
    json script = script_with(json::array());
    script["scheme"] = name;
    EXPECT_EQ(parse(script)->profile, profile);
  }
  EXPECT_TRUE(refuses("scheme", "loader", "scheme"));
}

TEST(EmulateScript, FindsItsFilesFromItsFolder) {
  json script = script_with(json::array());
  script["memory"] = json::array(
      {{{"file", "epm.bin"}, {"at", "0x90000000"}}, {{"file", "/epm.bin"}, {"at", "0"}}});
  script["device_key"] = "board.key";
  const auto parsed = parse(script);
  EXPECT_EQ(parsed->memory[0].path, "folder/epm.bin");
  EXPECT_EQ(parsed->memory[1].path, "/epm.bin");
  EXPECT_EQ(parsed->device.key, "folder/board.key");
  script["device_key"] = "test-key";
  EXPECT_EQ(parse(script)->device.key, kTestKey);
}

TEST(EmulateScript, NamesNoStandardInput) {
  json script = script_with(json::array());
  script["memory"] = json::array({{{"file", "-"}, {"at", "0x90000000"}}});
  script["device_key"] = "-";
  const auto parsed = parse_script(script.dump(), "");
  EXPECT_EQ(parsed->memory[0].path, "./-");
  EXPECT_EQ(parsed->device.key, "./-");
}

TEST(EmulateScript, IsRefusedWithWhatItDoesNotKnow) {
  EXPECT_TRUE(refuses("comment", "a", "comment"));
  EXPECT_TRUE(refuses("platform", "board", "platform"));
  EXPECT_TRUE(refuses("boot_rom", "none", "boot_rom"));
  EXPECT_TRUE(refuses("sm_hash", "11", "sm_hash"));
  EXPECT_TRUE(refuses("device_key", 7, "device_key"));
  EXPECT_TRUE(refuses("memory", json::array({{{"file", "a"}}}), "memory[0].at"));
  EXPECT_TRUE(refuses("memory", json::array({{{"file", ""}, {"at", "0"}}}), "memory[0].file"));
  EXPECT_TRUE(refuses("memory", json::array({{{"file", "a"}, {"at", 0}}}), "memory[0].at"));
  EXPECT_TRUE(
      refuses("memory", json::array({{{"file", "a"}, {"at", "0"}, {"size", "1"}}}), "size"));
  EXPECT_TRUE(fails_with(parse_script("{", ""), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(parse_script("{}", ""), ErrorCode::malformed, "scheme"));
  EXPECT_TRUE(fails_with(parse_script("[]", ""), ErrorCode::malformed));
}

TEST(EmulateScript, IsRefusedWithACallThatItDoesNotKnow) {
  EXPECT_TRUE(refuses_call({{"clone", json::object()}}, "clone"));
  EXPECT_TRUE(refuses_call(json::object(), "no call"));
  EXPECT_TRUE(refuses_call({{"random", json::object()}, {"run", {{"enclave", 0}}}}, "random"));
  EXPECT_TRUE(refuses_call({{"run", json::object()}}, "enclave"));
  EXPECT_TRUE(refuses_call({{"run", {{"enclave", -1}}}}, "enclave"));
  EXPECT_TRUE(refuses_call({{"run", {{"enclave", 0}, {"fast", true}}}}, "fast"));
  EXPECT_TRUE(refuses_call({{"random", {{"enclave", 0}}}}, "enclave"));
  EXPECT_TRUE(refuses_call({{"stop", {{"enclave", 0}, {"reason", "whim"}}}}, "reason"));
  EXPECT_TRUE(refuses_call({{"attest", {{"enclave", 0}, {"data", "0"}}}}, "data"));
  EXPECT_TRUE(
      refuses_call({{"attest", {{"enclave", 0}, {"data", ""}, {"report_at", "0"}}}}, "data"));
}

TEST(EmulateScript, IsRefusedWithACreateCallThatLacksAnArgument) {
  const json complete = create();
  for (const auto& [key, value] : complete.items()) {
    json lacking = complete;
    lacking.erase(key);
    EXPECT_TRUE(refuses_call({{"create", lacking}}, key));
    lacking[key] = 7;
    EXPECT_TRUE(refuses_call({{"create", lacking}}, key));
    lacking[key] = "0x90000000 ";
    EXPECT_TRUE(refuses_call({{"create", lacking}}, key));
  }
}

TEST(EmulateScript, HasABoundOfCallsAndFiles) {
  const json run = {{"run", {{"enclave", 0}}}};
  EXPECT_TRUE(parse(script_with(json(kMaxScriptCalls, run))).has_value());
  EXPECT_TRUE(fails_with(parse(script_with(json(kMaxScriptCalls + 1, run))),
                         ErrorCode::limit_exceeded, "calls"));
  json script = script_with(json::array());
  script["memory"] = json(kMaxScriptFiles + 1, {{"file", "a"}, {"at", "0"}});
  EXPECT_TRUE(fails_with(parse(script), ErrorCode::limit_exceeded, "memory"));
}

TEST(EmulateScript, AndOptionsMakeADeviceBetweenThem) {
  DeviceRequest script;
  script.sm_hash = SmHash(std::array<std::uint8_t, 64>{});
  DeviceRequest options;
  options.key = "board.key";
  options.boot_rom = BootRom::sound;
  const auto merged = merge(script, options);
  ASSERT_TRUE(merged.has_value());
  EXPECT_TRUE(merged->sm_hash.has_value());
  EXPECT_EQ(merged->key, "board.key");
  EXPECT_EQ(merged->boot_rom, BootRom::sound);
}

TEST(EmulateScript, AndOptionsMayNotSayTheSameThing) {
  DeviceRequest script;
  script.key = "board.key";
  script.platform = "generic";
  script.boot_rom = BootRom::sound;
  script.firmware = "fw.bin";
  DeviceRequest options;
  options.key = script.key;
  EXPECT_TRUE(fails_with(merge(script, options), ErrorCode::usage, "--device-key"));
  options = {};
  options.platform = script.platform;
  EXPECT_TRUE(fails_with(merge(script, options), ErrorCode::usage, "--platform"));
  options = {};
  options.boot_rom = BootRom::upstream;
  EXPECT_TRUE(fails_with(merge(script, options), ErrorCode::usage, "--boot-rom"));
  options = {};
  options.firmware = "fw.elf";
  EXPECT_TRUE(fails_with(merge(script, options), ErrorCode::usage, "--firmware"));
}

}  // namespace
}  // namespace keystone::cli::attest
