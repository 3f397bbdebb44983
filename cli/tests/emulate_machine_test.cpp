// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_machine.hpp"

#include "keystone-attest/emulate_key_file.hpp"
#include "keystone-attest/emulate_render.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

#include <sys/stat.h>

namespace keystone::cli::attest {
namespace {

using testing::fails_with;
using testing::TemporaryFolder;

constexpr std::uint64_t kHere = 0x90000000;

const Console& silent() {
  static const Console console("test", {.quiet = true});
  return console;
}

// A script of those calls, on a device with the published key.
Script script_of(std::vector<ScriptCall> calls) {
  Script script{Profile::keystone_loader_rv64, {}, {}, std::move(calls)};
  script.device.sm_hash = SmHash(std::array<std::uint8_t, 64>{1});
  return script;
}

// Enclave `number`, apart from all others.
CreateCall create(std::uint64_t number) {
  CreateArguments a{};
  a.epm_base = kHere + number * 0x10000;
  a.epm_size = 0x4000;
  a.utm_base = 0x88000000 + number * 0x10000;
  a.utm_size = 0x1000;
  a.runtime_base = a.epm_base + 0x1000;
  a.user_base = a.epm_base + 0x2000;
  a.free_base = a.epm_base + 0x3000;
  return {a};
}

Result<ScriptAnswers> run(const Script& script, bool with_secret_keys = false) {
  return run_script(script, with_secret_keys, silent());
}

Result<ScriptAnswers> run_with(const std::vector<MemoryFile>& files) {
  Script script = script_of({});
  script.memory = files;
  return run(script);
}

TEST(EmulateMachine, HoldsSixteenEnclaves) {
  std::vector<ScriptCall> calls;
  for (std::uint64_t i = 0; i < 17; ++i) {
    calls.emplace_back(create(i));
  }
  const auto answers = run(script_of(calls)).value().calls;
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(answers[i].at("error"), 0);
    EXPECT_EQ(answers[i].at("enclave"), i);
  }
  EXPECT_EQ(answers[16].at("error"), 100013);
  EXPECT_FALSE(answers[16].contains("enclave_hash"));
}

TEST(EmulateMachine, RefusesEnclavesThatMeet) {
  CreateCall second = create(1);
  second.arguments.epm_base = create(0).arguments.epm_base + 0x1000;
  second.arguments.runtime_base = second.arguments.epm_base;
  second.arguments.user_base = second.arguments.epm_base;
  second.arguments.free_base = second.arguments.epm_base;
  const auto answers = run(script_of({create(0), second})).value().calls;
  EXPECT_EQ(answers[1].at("error"), 100003);
}

TEST(EmulateMachine, AnswersWhatIsNotThereWithCodes) {
  const auto answers =
      run(script_of({AttestCall{0, {}}, SealingKeyCall{99, {}}, StateCall{StateCall::Kind::run, 0},
                     StopCall{3, SecurityMonitor::StopReason::edge_call}, NumberedCall{3001, false},
                     create(0), AttestCall{0, std::vector<std::uint8_t>(1025)}}))
          .value()
          .calls;
  const std::uint64_t codes[] = {100012, 100012, 100016, 100009, 100014, 0, 100008};
  for (std::size_t i = 0; i < std::size(codes); ++i) {
    EXPECT_EQ(answers[i].at("error"), codes[i]) << i;
    EXPECT_FALSE(answers[i].contains("report"));
  }
}

TEST(EmulateMachine, TellsSealingKeysOnlyToWhoAsks) {
  const Script script = script_of({create(0), SealingKeyCall{0, {1}}});
  const auto told = run(script, true).value();
  const auto silent_answers = run(script).value();
  const std::string key = told.calls[1].at("sealing_key");
  EXPECT_EQ(key.size(), 256U);
  EXPECT_EQ(silent_answers.calls[1].at("signature"), told.calls[1].at("signature"));
  EXPECT_FALSE(silent_answers.calls[1].contains("sealing_key"));
  for (const std::string& text :
       {show_answers(silent_answers), show_answers_json(silent_answers)}) {
    EXPECT_EQ(text.find(key), std::string::npos);
    EXPECT_EQ(text.find("sealing_key "), std::string::npos);
  }
}

TEST(EmulateMachine, SaysWhichCallItCannotAnswer) {
  Script script = script_of({create(0), create(1)});
  script.profile = Profile::keystone_loader_rv32;
  std::get<CreateCall>(script.calls[1]).arguments.epm_base += std::uint64_t{1} << 32U;
  EXPECT_TRUE(fails_with(run(script), ErrorCode::malformed, {"calls[1]", "32 bits"}));
  script = script_of({create(0)});
  std::get<CreateCall>(script.calls[0]).arguments.utm_base = 0x10000;
  EXPECT_TRUE(fails_with(run(script), ErrorCode::malformed, {"calls[0]", "0x10000"}));
}

TEST(EmulateMachine, TakesFilesThatTouchAndNoneThatMeet) {
  const TemporaryFolder folder;
  const std::string file = folder.put("page", std::string(4096, 'x'));
  EXPECT_TRUE(run_with({{file, kHere + 4096}, {file, kHere}, {file, kHere + 8192}}).has_value());
  for (const std::uint64_t at : {kHere, kHere + 1, kHere - 1, kHere + 4095, kHere - 4095}) {
    EXPECT_TRUE(fails_with(run_with({{file, kHere}, {file, at}}), ErrorCode::malformed,
                           {"memory[1]", "overlap"}));
  }
}

TEST(EmulateMachine, RefusesFilesWhereThereIsNoMemory) {
  const TemporaryFolder folder;
  const std::string file = folder.put("page", std::string(4096, 'x'));
  EXPECT_TRUE(fails_with(run_with({{file, 0}}), ErrorCode::malformed, "memory[0]"));
  EXPECT_TRUE(
      fails_with(run_with({{file, kMachineMemory - 1}}), ErrorCode::malformed, "memory[0]"));
  EXPECT_TRUE(fails_with(run_with({{file, kMachineMemory + kMachineMemorySize - 1}}),
                         ErrorCode::malformed, "memory[0]"));
  EXPECT_TRUE(fails_with(run_with({{file, UINT64_MAX}}), ErrorCode::malformed, "wrap"));
  EXPECT_TRUE(fails_with(run_with({{folder / "none", kHere}}), ErrorCode::unreadable, "memory[0]"));
}

TEST(EmulateMachine, HasABoundOfMemory) {
  const TemporaryFolder folder;
  const std::string file = folder.put("sparse", "");
  ASSERT_EQ(::truncate(file.c_str(), static_cast<off_t>(kMaxScriptMemory + 1)), 0);
  EXPECT_TRUE(fails_with(run_with({{file, kHere}}), ErrorCode::limit_exceeded, "memory[0]"));
}

SecretBytes key_text() {
  return serialize_seed(std::array<std::uint8_t, 32>{7, 1, 2, 3});
}

TEST(EmulateKeyFile, IsMadeForItsOwnerAloneAndReadBack) {
  const TemporaryFolder folder;
  const std::string path = folder / "board.key";
  ASSERT_TRUE(make_key_file(path, key_text()).has_value());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode, static_cast<mode_t>(S_IFREG | 0600));
  EXPECT_EQ(read_key_file(path)->public_key(),
            DeviceKey::from_seed(std::array<std::uint8_t, 32>{7, 1, 2, 3})->public_key());
}

TEST(EmulateKeyFile, IsNeverMadeOverAnything) {
  const TemporaryFolder folder;
  const std::string path = folder.put("board.key", "mine");
  EXPECT_TRUE(fails_with(make_key_file(path, key_text()), ErrorCode::unwritable, "board.key"));
  EXPECT_EQ(testing::content_of(path), "mine");
  std::filesystem::create_symlink("nowhere", folder / "link");
  EXPECT_TRUE(fails_with(make_key_file(folder / "link", key_text()), ErrorCode::unwritable));
  EXPECT_TRUE(fails_with(make_key_file(folder / "no/key", key_text()), ErrorCode::unwritable));
  EXPECT_EQ(folder.names(), (std::set<std::string>{"board.key", "link"}));
}

TEST(EmulateKeyFile, IsRefusedUnlessItIsOneOfItsOwnerAlone) {
  const TemporaryFolder folder;
  const std::string path = folder / "board.key";
  ASSERT_TRUE(make_key_file(path, key_text()).has_value());
  std::filesystem::create_symlink("board.key", folder / "link");
  EXPECT_TRUE(fails_with(read_key_file(folder / "link"), ErrorCode::unreadable, "a symbolic link"));
  EXPECT_TRUE(fails_with(read_key_file(folder.path()), ErrorCode::unreadable, "a directory"));
  EXPECT_TRUE(fails_with(read_key_file(folder / "none"), ErrorCode::unreadable, "none"));
  ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
  EXPECT_TRUE(fails_with(read_key_file(path), ErrorCode::unreadable, "others"));
}

TEST(EmulateKeyFile, IsRefusedUnlessItIsWellFormed) {
  const TemporaryFolder folder;
  const std::string path = folder.put("board.key", "12345678");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_TRUE(fails_with(read_key_file(path), ErrorCode::malformed, {"board.key", "8 bytes"}));
  testing::put(path, std::string(92, 'a'));
  EXPECT_TRUE(fails_with(read_key_file(path), ErrorCode::malformed, "first line"));
}

}  // namespace
}  // namespace keystone::cli::attest
