// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_arguments.hpp"

#include "keystone-attest/values.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/suggest.hpp"
#include "keystone/verifier/challenge.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keystone::cli::attest {
namespace {

constexpr std::size_t kMaxIdent = SecurityMonitor::kMaxKeyIdent;

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<std::vector<std::uint8_t>> bounded_hex(std::string_view option, const std::string& text,
                                              std::size_t most) {
  KEYSTONE_TRY(auto bytes, hex_bytes(option, text));
  if (bytes.size() > most) {
    return usage(std::string(option) + ": got " + std::to_string(bytes.size()) +
                 " bytes, want at most " + std::to_string(most));
  }
  return bytes;
}

Result<std::vector<std::uint8_t>> report_data(const EmulateSpelling& spelt) {
  if (spelt.data.empty() == spelt.nonce.empty()) {
    return usage(spelt.data.empty() ? "got nothing to sign, want --nonce or --data"
                                    : "--data: given beside --nonce, want one of them");
  }
  if (!spelt.data.empty()) {
    return bounded_hex("--data", spelt.data, ReportLayout::kMaxData);
  }
  KEYSTONE_TRY(auto bytes, hex_bytes("--nonce", spelt.nonce));
  if (const auto nonce = Nonce::from(bytes); !nonce) {
    return usage(nonce.error().message, "--data takes data of any length");
  }
  return bytes;
}

Result<EmulateTask> keygen_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  if (common.output == "-") {
    return usage("--output: got standard output, want a file: it holds a secret key");
  }
  KeygenCommand command{common, SecretBytes(), spelt.print_secret_keys};
  if (!spelt.seed.empty()) {
    command.seed = SecretBytes(SecretKey::kSeedSize);
    const auto decoded = hex::decode_exactly("--seed", spelt.seed, command.seed.bytes());
    if (!decoded) {
      // Without what was given: it is meant to be secret.
      return usage("--seed: want 64 lower-case hex digits");
    }
  }
  return command;
}

Result<EmulateTask> boot_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto device, device_options(spelt));
  KEYSTONE_CHECK_OK(check_device(device));
  return BootCommand{common, std::move(device)};
}

Result<EmulateTask> attest_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto device, device_options(spelt));
  KEYSTONE_CHECK_OK(check_device(device));
  KEYSTONE_TRY(auto enclave, enclave_options(spelt));
  KEYSTONE_CHECK_OK(check_stdin(device, enclave));
  KEYSTONE_TRY(auto data, report_data(spelt));
  ReportFormat format = ReportFormat::fixed;
  if (!spelt.format.empty()) {
    KEYSTONE_TRY(format, report_format("--format", spelt.format));
  }
  KEYSTONE_TRY(const auto dirty_tail, number_if_given("--dirty-tail", spelt.dirty_tail, {}));
  if (dirty_tail && format != ReportFormat::fixed) {
    return usage("--dirty-tail: a " + std::string(to_string(format)) + " report has no tail");
  }
  return AttestCommand{common, std::move(device), std::move(enclave), std::move(data),
                       format, dirty_tail};
}

Result<EmulateTask> seal_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  if (!spelt.print_secret_keys) {
    return usage("the answer is a secret key, want --print-secret-keys",
                 "whoever sees a sealing key can read what the enclave sealed");
  }
  KEYSTONE_TRY(auto device, device_options(spelt));
  KEYSTONE_CHECK_OK(check_device(device));
  KEYSTONE_TRY(auto enclave, enclave_options(spelt));
  KEYSTONE_CHECK_OK(check_stdin(device, enclave));
  KEYSTONE_TRY(auto ident, bounded_hex("--ident", spelt.ident, kMaxIdent));
  return SealCommand{common, std::move(device), std::move(enclave), std::move(ident)};
}

Result<EmulateTask> run_script_command(const CommonArguments& common,
                                       const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto device, device_options(spelt));
  if (spelt.script == "-" && device.firmware == "-") {
    return usage("standard input can be one of the inputs only");
  }
  return RunScriptCommand{common, spelt.script, std::move(device), spelt.print_secret_keys};
}

Result<EmulateTask> serve_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto command, read_serve(common, spelt));
  return command;
}

Result<EmulateTask> negatives_command(const CommonArguments& common, const EmulateSpelling& spelt) {
  NegativesCommand command{common, spelt.folder, {}};
  if (!spelt.seed.empty()) {
    KEYSTONE_CHECK_OK(as_usage(hex::decode_exactly("--seed", spelt.seed, command.seed)));
  }
  return command;
}

using Reader = Result<EmulateTask> (*)(const CommonArguments&, const EmulateSpelling&);

constexpr std::pair<std::string_view, Reader> kReaders[] = {
    {"emulate keygen", keygen_command},         {"emulate boot", boot_command},
    {"emulate attest", attest_command},         {"emulate seal", seal_command},
    {"emulate run-script", run_script_command}, {"emulate serve", serve_command},
    {"emulate negatives", negatives_command},
};

}  // namespace

Result<DeviceRequest> device_options(const EmulateSpelling& spelt) {
  DeviceRequest request;
  request.key = if_given(spelt.device_key);
  request.platform = if_given(spelt.platform);
  request.firmware = if_given(spelt.firmware);
  if (!spelt.boot_rom.empty()) {
    KEYSTONE_TRY(request.boot_rom, parse_boot_rom("--boot-rom", spelt.boot_rom));
  }
  KEYSTONE_TRY(request.base, number_if_given("--base", spelt.base, {}));
  KEYSTONE_TRY(request.size, number_if_given("--size", spelt.size, {}));
  KEYSTONE_TRY(const auto fill, number_if_given("--fill", spelt.fill, {0, 255}));
  if (fill) {
    request.fill = static_cast<std::uint8_t>(*fill);
  }
  return request;
}

Result<EnclaveRequest> enclave_options(const EmulateSpelling& spelt) {
  EnclaveRequest request{kDefaultProfile, spelt.eapp, spelt.runtime, spelt.loader, {}};
  if (!spelt.profile.empty()) {
    KEYSTONE_TRY(request.profile, profile_from_name(spelt.profile));
  }
  KEYSTONE_TRY(request.user_entry, number_if_given("--user-entry", spelt.user_entry, {}));
  const ProfileInfo& profile = info(request.profile);
  const bool has_loader = profile.scheme == Scheme::loader;
  if (has_loader && request.loader.empty()) {
    return usage("--loader is required");
  }
  if (!has_loader && !request.loader.empty()) {
    return usage("profile " + std::string(profile.name) + " has no loader");
  }
  const bool is_told_the_entry =
      request.profile == Profile::pagewalk_v0_1 || request.profile == Profile::pagewalk_v0_2;
  if (is_told_the_entry != request.user_entry.has_value()) {
    return usage("--user-entry: " + std::string(is_told_the_entry ? "missing" : "given") +
                 ", and profile " + std::string(profile.name) +
                 (is_told_the_entry ? " needs it" : " does not take it"));
  }
  return request;
}

Status check_stdin(const DeviceRequest& device, const EnclaveRequest& enclave) {
  const std::array files = {device.firmware.value_or(""), enclave.eapp, enclave.runtime,
                            enclave.loader};
  if (std::count(files.begin(), files.end(), "-") > 1) {
    return usage("standard input can be one of the inputs only");
  }
  return {};
}

Result<EmulatedAttester> emulated_attester(const EmulateSpelling& spelt) {
  const std::pair<std::string_view, const std::string&> required[] = {
      {"--device-key", spelt.device_key}, {"--eapp", spelt.eapp}, {"--runtime", spelt.runtime}};
  for (const auto& [option, value] : required) {
    if (value.empty()) {
      return usage(std::string(option) + " is required with --emulate");
    }
  }
  KEYSTONE_TRY(auto device, device_options(spelt));
  KEYSTONE_CHECK_OK(check_device(device));
  KEYSTONE_TRY(auto enclave, enclave_options(spelt));
  KEYSTONE_CHECK_OK(check_stdin(device, enclave));
  auto inputs = inputs_of(device, enclave);
  const auto attest = [device = std::move(device), enclave = std::move(enclave)](
                          ByteView data, const Console& console) -> Result<Report> {
    KEYSTONE_TRY(const auto emulated, EmulatedEnclave::create(device, enclave, console));
    return emulated->attest(data);
  };
  return EmulatedAttester{attest, std::move(inputs)};
}

Result<BootRom> parse_boot_rom(std::string_view field, std::string_view word) {
  constexpr std::array<std::string_view, 2> kWords = {"upstream", "sound"};
  KEYSTONE_TRY(const auto index, index_of_name(field, word, kWords));
  return index == 0 ? BootRom::upstream : BootRom::sound;
}

Result<EmulateTask> read_emulate(const std::string& name, const CommonArguments& common,
                                 const EmulateSpelling& spelt) {
  const auto* const found = std::find_if(std::begin(kReaders), std::end(kReaders),
                                         [&](const auto& row) { return row.first == name; });
  KEYSTONE_ASSERT(found != std::end(kReaders));
  return found->second(common, spelt);
}

}  // namespace keystone::cli::attest
