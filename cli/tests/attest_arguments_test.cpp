// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/arguments.hpp"
#include "keystone/base/hex.hpp"
#include "keystone/testing/fails_with.hpp"

namespace keystone::cli::attest {
namespace {

using testing::fails_with;

const Instant kClock = Instant(std::chrono::seconds(1'700'000'000));
const std::string kKey(64, '1');
const std::string kHash(128, '2');
const std::string kNonce = "030a11181f262d34";

Result<Command> read(std::vector<std::string> words) {
  std::vector<const char*> line = {"keystone-attest"};
  for (const std::string& word : words) {
    line.push_back(word.c_str());
  }
  return read_arguments(static_cast<int>(line.size()), line.data(), kClock);
}

// `verify` with all that must be there, and `more`.
Result<Command> read_verify(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"verify",    "r",   "--device-key",   kKey,
                                    "--sm-hash", kHash, "--enclave-hash", kHash};
  words.insert(words.end(), more.begin(), more.end());
  return read(words);
}

VerifyCommand verify(const std::vector<std::string>& more) {
  return std::get<VerifyCommand>(read_verify(more).value());
}

template <class Asked>
const Asked& asked(const VerifyCommand& command) {
  return std::get<Asked>(command.challenge.asked());
}

TEST(VerifyArguments, AreAPolicyOfOptions) {
  const VerifyCommand command = verify(
      {"--device-key", std::string(64, '3'), "--max-age", "60", "--waive", "freshness=a = b"});
  EXPECT_EQ(command.additions.devices.size(), 2U);
  EXPECT_EQ(command.additions.devices[1].key.hex(), std::string(64, '3'));
  EXPECT_EQ(command.additions.security_monitors.size(), 1U);
  EXPECT_EQ(command.additions.enclaves.size(), 1U);
  EXPECT_EQ(command.additions.max_age, std::chrono::seconds(60));
  EXPECT_EQ(*command.additions.waivers.find(Check::freshness), "a = b");
  EXPECT_EQ(command.policy, "");
}

TEST(VerifyArguments, AskForWhatTheChallengeSays) {
  EXPECT_TRUE(std::holds_alternative<Challenge::Nothing>(verify({}).challenge.asked()));
  EXPECT_EQ(asked<Challenge::ExactNonce>(verify({"--nonce", kNonce})).nonce.hex(), kNonce);
  EXPECT_EQ(asked<Challenge::NoncePrefix>(verify({"--nonce-prefix", kNonce})).nonce.hex(), kNonce);
  EXPECT_EQ(hex::encode(asked<Challenge::ExactData>(verify({"--data", "00ff"})).data.view()),
            "00ff");
  EXPECT_EQ(asked<Challenge::BoundChannel>(verify({"--channel-binding", kHash})).binding.hex(),
            kHash);
}

TEST(VerifyArguments, HaveTheTimesThatWereGiven) {
  const VerifyCommand command =
      verify({"--nonce", kNonce, "--issued", "2026-01-01T00:00:00Z", "--expires",
              "2026-01-01T00:05:00Z", "--now", "2026-01-01T00:01:00Z"});
  ASSERT_TRUE(command.challenge.time());
  EXPECT_EQ(to_string(command.challenge.time()->issued), "2026-01-01T00:00:00Z");
  EXPECT_EQ(to_string(command.challenge.time()->expires.value()), "2026-01-01T00:05:00Z");
  EXPECT_EQ(to_string(command.now), "2026-01-01T00:01:00Z");
  EXPECT_EQ(verify({}).now, kClock);
  EXPECT_FALSE(verify({"--nonce", kNonce}).challenge.time());
}

TEST(VerifyArguments, WaiveFreshnessThemselvesOnlyForDataWithoutATime) {
  EXPECT_NE(verify({"--data", "00"}).freshness_waiver, "");
  EXPECT_EQ(verify({"--data", "00", "--issued", "2026-01-01T00:00:00Z"}).freshness_waiver, "");
  EXPECT_EQ(verify({"--nonce", kNonce}).freshness_waiver, "");
  EXPECT_EQ(verify({"--channel-binding", kHash}).freshness_waiver, "");
  EXPECT_EQ(verify({}).freshness_waiver, "");
}

TEST(VerifyArguments, AskOneThingOnly) {
  for (const char* const option : {"--nonce", "--nonce-prefix"}) {
    EXPECT_TRUE(
        fails_with(read_verify({"--data", "00", option, kNonce}), ErrorCode::usage, "choose one"));
    EXPECT_TRUE(fails_with(read_verify({"--channel-binding", kHash, option, kNonce}),
                           ErrorCode::usage, "choose one"));
  }
}

TEST(VerifyArguments, RefuseTimesThatContradictEachOtherOrStandAlone) {
  const std::string early = "2026-01-01T00:00:00Z";
  const std::string late = "2026-01-01T00:00:01Z";
  EXPECT_TRUE(fails_with(read_verify({"--issued", early}), ErrorCode::usage, "--issued"));
  EXPECT_TRUE(fails_with(read_verify({"--nonce", kNonce, "--expires", late}), ErrorCode::usage,
                         "want --issued"));
  EXPECT_TRUE(fails_with(read_verify({"--nonce", kNonce, "--issued", late, "--expires", early}),
                         ErrorCode::usage, {"--expires: got", "not before --issued"}));
  EXPECT_TRUE(read_verify({"--nonce", kNonce, "--issued", early, "--expires", early}));
}

TEST(VerifyArguments, RefuseValuesOfAnotherSpelling) {
  const std::vector<std::vector<std::string>> lines = {
      {"--device-key", std::string(63, '1')},
      {"--device-key", std::string(64, 'A')},
      {"--sm-hash", std::string(127, '1')},
      {"--enclave-hash", "0x" + std::string(126, '1')},
      {"--nonce", "00"},
      {"--nonce", std::string(130, '0')},
      {"--nonce", "0"},
      {"--nonce-prefix", "zz"},
      {"--data", std::string(2050, '0')},
      {"--channel-binding", kNonce},
      {"--now", "2026-01-01"},
      {"--now", "2026-02-29T00:00:00Z"},
      {"--max-age", "0"},
      {"--max-age", "86401"},
      {"--max-age", "-1"},
      {"--max-age", "1.5"},
      {"--input-format", "xml"},
  };
  for (const auto& line : lines) {
    EXPECT_TRUE(fails_with(read_verify(line), ErrorCode::usage)) << line[0] << " " << line[1];
  }
}

TEST(VerifyArguments, RefuseWaiversThatCannotBe) {
  for (const char* const check :
       {"root_of_trust", "device_key", "sm_signature", "enclave_signature"}) {
    EXPECT_TRUE(fails_with(read_verify({"--waive", std::string(check) + "=why"}), ErrorCode::usage,
                           {"--waive", "cannot be waived"}));
  }
  for (const char* const text : {"freshness", "freshness=", "freshness= ", "freshness=a\nb", "=why",
                                 "Freshness=why", "nothing=why"}) {
    EXPECT_TRUE(fails_with(read_verify({"--waive", text}), ErrorCode::usage)) << text;
  }
  EXPECT_TRUE(fails_with(read_verify({"--waive", "freshness=a", "--waive", "freshness=a"}),
                         ErrorCode::usage, "waived twice"));
}

TEST(VerifyArguments, TakeOneValueForEachOption) {
  // FILE is not taken for a second key.
  const auto command = read({"verify", "--device-key", kKey, "r"});
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<VerifyCommand>(*command).input.file, "r");
  EXPECT_TRUE(fails_with(read({"verify", "--device-key", kKey, kKey, "r"}), ErrorCode::usage));
}

TEST(VerifyArguments, NeedSomethingToGoBy) {
  EXPECT_TRUE(fails_with(read({"verify", "r"}), ErrorCode::usage, "--policy"));
  EXPECT_TRUE(fails_with(read({"verify", "r", "--nonce", kNonce}), ErrorCode::usage, "--policy"));
  EXPECT_TRUE(read({"verify", "r", "--policy", "p"}));
  EXPECT_TRUE(fails_with(read({"verify", "-", "--policy", "-"}), ErrorCode::usage,
                         "standard input can be one"));
}

TEST(ReportArguments, SayTheFormat) {
  const auto convert = read({"report", "convert", "r", "--to", "compact", "--allow-trailing"});
  EXPECT_EQ(std::get<ReportConvertCommand>(convert.value()).to, ReportFormat::compact);
  EXPECT_TRUE(std::get<ReportConvertCommand>(convert.value()).input.options.allow_trailing);
  const auto show = read({"report", "show", "r", "--input-format", "json"});
  EXPECT_EQ(std::get<ReportShowCommand>(show.value()).input.options.format, ReportFormat::json);
  EXPECT_FALSE(std::get<ReportShowCommand>(show.value()).input.options.allow_trailing);
  EXPECT_TRUE(fails_with(read({"report", "convert", "r", "--to", "Json"}), ErrorCode::usage));
  EXPECT_TRUE(fails_with(read({"report", "convert", "r"}), ErrorCode::usage, "--to"));
}

TEST(PolicyArguments, RefuseNamesReasonsAndDatesThatNoPolicyHas) {
  const std::vector<std::string> add = {"device", "add", "--policy", "p", "--key", kKey};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), add.begin(), add.end());
    return read(more);
  };
  EXPECT_TRUE(with({"--name", std::string(128, 'n')}));
  EXPECT_TRUE(fails_with(with({"--name", std::string(129, 'n')}), ErrorCode::usage, "--name"));
  EXPECT_TRUE(fails_with(with({"--name", "a\tb"}), ErrorCode::usage, "--name"));
  EXPECT_TRUE(fails_with(with({"--name", "n", "--not-before", "2026-01-01T00:00:01Z", "--not-after",
                               "2026-01-01T00:00:00Z"}),
                         ErrorCode::usage, "--not-after"));
  EXPECT_TRUE(fails_with(with({"--name", "n", "--not-after", "soon"}), ErrorCode::usage));
  EXPECT_TRUE(fails_with(
      read({"device", "revoke", "--policy", "p", "--name", "n", "--reason", std::string(513, 'r')}),
      ErrorCode::usage, "--reason"));
  EXPECT_TRUE(
      fails_with(read({"reference", "revoke", "--policy", "p", "--name", "n", "--reason", "a\nb"}),
                 ErrorCode::usage, "--reason"));
}

TEST(PolicyArguments, DateARevocation) {
  const std::vector<std::string> revoke = {"device", "revoke", "--policy", "p",
                                           "--name", "n",      "--reason", "why"};
  EXPECT_EQ(std::get<DeviceRevokeCommand>(read(revoke).value()).revocation.at, kClock);
  auto dated = revoke;
  dated.insert(dated.end(), {"--now", "2026-01-01T00:00:00Z"});
  EXPECT_EQ(to_string(std::get<DeviceRevokeCommand>(read(dated).value()).revocation.at),
            "2026-01-01T00:00:00Z");
}

TEST(VerifyBatchArguments, SayHowManyThreadsThereAre) {
  const auto batch = std::get<VerifyBatchCommand>(read_verify({"--batch", "--jobs", "3"}).value());
  EXPECT_EQ(batch.jobs, 3U);
  EXPECT_EQ(batch.verify.input.file, "r");
  EXPECT_EQ(batch.verify.additions.devices.size(), 1U);
  EXPECT_GE(std::get<VerifyBatchCommand>(read_verify({"--batch"}).value()).jobs, 1U);
}

TEST(VerifyBatchArguments, RefuseAChallengeAndThreadsOfNothing) {
  EXPECT_TRUE(fails_with(read_verify({"--batch", "--nonce", kNonce}), ErrorCode::usage, "--batch"));
  EXPECT_TRUE(fails_with(read_verify({"--jobs", "2"}), ErrorCode::usage, "--jobs"));
  EXPECT_TRUE(fails_with(read_verify({"--batch", "--jobs", "257"}), ErrorCode::usage, "--jobs"));
}

}  // namespace
}  // namespace keystone::cli::attest
