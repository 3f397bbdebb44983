// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_arguments.hpp"

#include "keystone/testing/fails_with.hpp"

namespace keystone::cli::attest {
namespace {

using testing::fails_with;

const std::string kNonce = "030a11181f262d34";

// The options of a device that measures its firmware.
EmulateSpelling device() {
  EmulateSpelling spelt;
  spelt.device_key = "board.key";
  spelt.firmware = "fw.bin";
  return spelt;
}

// The same with an enclave of the loader scheme and a nonce.
EmulateSpelling attestation() {
  EmulateSpelling spelt = device();
  spelt.eapp = "eapp";
  spelt.runtime = "runtime";
  spelt.loader = "loader";
  spelt.nonce = kNonce;
  return spelt;
}

Result<EmulateTask> read(const std::string& command, const EmulateSpelling& spelt) {
  CommonArguments common;
  common.output = "out";
  return read_emulate("emulate " + command, common, spelt);
}

template <class Command>
Command read_as(const std::string& command, const EmulateSpelling& spelt) {
  return std::get<Command>(read(command, spelt).value());
}

// Whether the command is refused for that fact, once `member` says `text`.
::testing::AssertionResult refuses(const std::string& command, EmulateSpelling spelt,
                                   std::string EmulateSpelling::*member, const std::string& text,
                                   std::string_view fact) {
  spelt.*member = text;
  return fails_with(read(command, spelt), ErrorCode::usage, fact);
}

TEST(EmulateArguments, OfBootAreADevice) {
  EmulateSpelling spelt = device();
  spelt.platform = "unmatched";
  spelt.base = "0x80000000";
  spelt.size = "0x1000";
  spelt.fill = "0xff";
  spelt.boot_rom = "sound";
  const auto request = read_as<BootCommand>("boot", spelt).device;
  EXPECT_EQ(request.key, "board.key");
  EXPECT_EQ(request.platform, "unmatched");
  EXPECT_EQ(request.firmware, "fw.bin");
  EXPECT_EQ(request.base, 0x80000000U);
  EXPECT_EQ(request.size, 0x1000U);
  EXPECT_EQ(request.fill, 0xff);
  EXPECT_EQ(request.boot_rom, BootRom::sound);
  EXPECT_FALSE(request.sm_hash.has_value());
}

TEST(EmulateArguments, OfBootAreRefusedWhereTheyAreNoDevice) {
  using Spelling = EmulateSpelling;
  EXPECT_TRUE(refuses("boot", device(), &Spelling::device_key, "-", "standard input"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::platform, "board", "platform"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::platform, "unmatched", "base"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::platform, "cva6", "no root of trust"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::firmware, "", "firmware"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::boot_rom, "none", "--boot-rom"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::base, "0x90000000", "size"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::fill, "256", "--fill"));
  EXPECT_TRUE(refuses("boot", device(), &Spelling::size, "0x", "--size"));
}

TEST(EmulateArguments, OfAPlatformWithoutTrustAreAKeyAlone) {
  EmulateSpelling spelt = device();
  spelt.platform = "mpfs";
  spelt.firmware = "";
  EXPECT_TRUE(read("boot", spelt).has_value());
  EXPECT_TRUE(refuses("boot", spelt, &EmulateSpelling::boot_rom, "upstream", "no root of trust"));
  EXPECT_TRUE(refuses("boot", spelt, &EmulateSpelling::fill, "0", "no root of trust"));
}

TEST(EmulateArguments, OfAttestAreAnEnclaveAndItsData) {
  const auto command = read_as<AttestCommand>("attest", attestation());
  EXPECT_EQ(command.enclave.profile, kDefaultProfile);
  EXPECT_EQ(command.enclave.eapp, "eapp");
  EXPECT_EQ(command.enclave.runtime, "runtime");
  EXPECT_EQ(command.enclave.loader, "loader");
  EXPECT_EQ(hex::encode(command.data), kNonce);
  EXPECT_EQ(command.format, ReportFormat::fixed);
  EXPECT_FALSE(command.dirty_tail.has_value());
}

TEST(EmulateArguments, OfAttestAreRefusedWithoutDataOrWithTooMuch) {
  EmulateSpelling spelt = attestation();
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::data, "00", "--data"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::nonce, "", "nothing to sign"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::nonce, "00", "1"));
  spelt.nonce = "";
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::data, "0G", "--data"));
  EXPECT_TRUE(
      refuses("attest", spelt, &EmulateSpelling::data, std::string(2050, '0'), "1025 bytes"));
  spelt.data = std::string(2048, '0');
  EXPECT_TRUE(read("attest", spelt).has_value());
}

TEST(EmulateArguments, OfAttestHaveATailInFixedReportsAlone) {
  EmulateSpelling spelt = attestation();
  spelt.dirty_tail = "7";
  EXPECT_EQ(read_as<AttestCommand>("attest", spelt).dirty_tail, 7U);
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::format, "compact", "--dirty-tail"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::format, "json", "--dirty-tail"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::dirty_tail, "-1", "--dirty-tail"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::format, "xml", "--format"));
}

TEST(EmulateArguments, OfAnEnclaveAreThoseOfItsProfile) {
  EmulateSpelling spelt = attestation();
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::loader, "", "--loader"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::user_entry, "0x10000", "--user-entry"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::profile, "keystone-v1", "no loader"));
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::profile, "v1", "profile"));
  spelt.loader = "";
  spelt.profile = "pagewalk-v0.2";
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::user_entry, "", "--user-entry: missing"));
  spelt.user_entry = "0x10000";
  EXPECT_EQ(read_as<AttestCommand>("attest", spelt).enclave.user_entry, 0x10000U);
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::profile, "pagewalk-v0.3", "--user-entry"));
}

TEST(EmulateArguments, ReadStandardInputOnce) {
  EmulateSpelling spelt = attestation();
  spelt.eapp = "-";
  EXPECT_TRUE(read("attest", spelt).has_value());
  EXPECT_TRUE(refuses("attest", spelt, &EmulateSpelling::firmware, "-", "standard input"));
  spelt = device();
  spelt.script = "-";
  EXPECT_TRUE(refuses("run-script", spelt, &EmulateSpelling::firmware, "-", "standard input"));
}

TEST(EmulateArguments, OfSealSayThatASecretIsWanted) {
  EmulateSpelling spelt = attestation();
  spelt.nonce = "";
  EXPECT_TRUE(fails_with(read("seal", spelt), ErrorCode::usage, "--print-secret-keys"));
  spelt.print_secret_keys = true;
  EXPECT_EQ(read_as<SealCommand>("seal", spelt).ident.size(), 0U);
  EXPECT_TRUE(refuses("seal", spelt, &EmulateSpelling::ident, std::string(2050, '0'), "1025"));
  EXPECT_TRUE(refuses("seal", spelt, &EmulateSpelling::ident, "0", "--ident"));
}

TEST(EmulateArguments, OfKeygenAreASeedOrNone) {
  EmulateSpelling spelt;
  EXPECT_EQ(read_as<KeygenCommand>("keygen", spelt).seed.size(), 0U);
  spelt.seed = std::string(64, 'a');
  const auto command = read_as<KeygenCommand>("keygen", spelt);
  EXPECT_EQ(command.seed.size(), 32U);
  EXPECT_EQ(command.seed.bytes()[31], 0xaa);
  CommonArguments common;
  common.output = "-";
  EXPECT_TRUE(fails_with(read_emulate("emulate keygen", common, {}), ErrorCode::usage, "output"));
}

TEST(EmulateArguments, OfKeygenAreRefusedWithoutShowingThem) {
  for (const std::string& seed : {std::string(62, 'a'), std::string(66, 'a'), std::string(64, 'A'),
                                  "0x" + std::string(62, 'a')}) {
    EmulateSpelling spelt;
    spelt.seed = seed;
    const auto refused = read("keygen", spelt);
    EXPECT_TRUE(fails_with(refused, ErrorCode::usage, "--seed"));
    EXPECT_EQ(refused.error().message.find("aaaa"), std::string::npos);
    EXPECT_EQ(refused.error().message.find("AAAA"), std::string::npos);
  }
}

}  // namespace
}  // namespace keystone::cli::attest
