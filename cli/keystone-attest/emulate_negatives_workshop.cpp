// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_negatives_workshop.hpp"

#include "keystone/base/assert.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/emulator/enclave_loader.hpp"

#include <chrono>
#include <string_view>

namespace keystone::cli::attest {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kNonceSize = 32;

Bytes copy_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// SHA3-512 of what this is for, the seed and a label: other bytes for every label.
class Source {
 public:
  explicit Source(const NegativesSeed& seed) : seed_(seed) {}

  [[nodiscard]] Result<Digest512> bytes_for(std::string_view label) const {
    KEYSTONE_TRY(auto hash, Sha3_512::create());
    hash.update(bytes_of("keystone.negatives/1"));
    hash.update(seed_);
    hash.update(bytes_of(label));
    return std::move(hash).finish();
  }

  [[nodiscard]] Result<Bytes> nonce(std::string_view label) const {
    KEYSTONE_TRY(const auto bytes, bytes_for(label));
    return copy_of(bytes.bytes().first<kNonceSize>());
  }

  [[nodiscard]] Result<Bytes> program(std::string_view label) const {
    KEYSTONE_TRY(const auto bytes, bytes_for(label));
    return copy_of(bytes.bytes());
  }

  [[nodiscard]] Result<DeviceKey> device(std::string_view label) const {
    KEYSTONE_TRY(const auto bytes, bytes_for(label));
    return DeviceKey::from_seed(bytes.bytes().first<SecretKey::kSeedSize>());
  }

  // The hash of a firmware of these bytes on the generic platform.
  [[nodiscard]] Result<SmHash> firmware(std::string_view label, const DeviceKey& key) const {
    KEYSTONE_TRY(const auto image, program(label));
    const ArraySource source(image);
    KEYSTONE_TRY(const auto device, Device::boot({}, key, &source));
    return device.identity().sm_hash;
  }

 private:
  const NegativesSeed& seed_;
};

// Four pages of private memory: loader and runtime, of zeros, the application, and a free one.
CreateArguments enclave_arguments() {
  CreateArguments arguments{};
  arguments.epm_base = kEnclaveBase;
  arguments.epm_size = 4 * kPage;
  arguments.utm_base = kUntrustedBase;
  arguments.utm_size = kPage;
  arguments.runtime_base = kEnclaveBase + kPage;
  arguments.user_base = kEnclaveBase + 2 * kPage;
  arguments.free_base = kEnclaveBase + 3 * kPage;
  return arguments;
}

Status check_code(SmCode code) {
  return code == SmCode::success
             ? Status()
             : fail(ErrorCode::internal,
                    "security monitor: got " + std::string(to_string(code)) + ", want success");
}

}  // namespace

Result<Workshop> Workshop::open(const NegativesSeed& seed) {
  const Source source(seed);
  KEYSTONE_TRY(auto device, source.device("device"));
  KEYSTONE_TRY(auto other_device, source.device("other device"));
  KEYSTONE_TRY(auto revoked_device, source.device("revoked device"));
  KEYSTONE_TRY(const auto forger_seed, source.bytes_for("forger"));
  KEYSTONE_TRY(auto forger,
               SecretKey::from_seed(forger_seed.bytes().first<SecretKey::kSeedSize>()));
  KEYSTONE_TRY(const auto tail, source.bytes_for("tail"));
  KEYSTONE_TRY(const auto sm_hash, source.firmware("firmware", device));
  KEYSTONE_TRY(const auto other_sm_hash, source.firmware("other firmware", device));
  KEYSTONE_TRY(auto enclave, source.program("enclave"));
  KEYSTONE_TRY(auto other_enclave, source.program("other enclave"));
  KEYSTONE_TRY(auto nonce, source.nonce("nonce"));
  KEYSTONE_TRY(auto other_nonce, source.nonce("other nonce"));
  return Workshop{std::move(device),
                  std::move(other_device),
                  std::move(revoked_device),
                  DeviceKey::published_test_key(),
                  std::move(forger),
                  tail.bytes().front(),
                  sm_hash,
                  other_sm_hash,
                  std::move(enclave),
                  std::move(other_enclave),
                  std::move(nonce),
                  std::move(other_nonce)};
}

Scene Scene::good(const Workshop& workshop) {
  return {&workshop.device, BootRom::sound, workshop.sm_hash, workshop.enclave, workshop.nonce};
}

Result<BootedSm> boot(const Scene& scene) {
  return keystone::boot(*scene.device, scene.sm_hash, scene.boot_rom);
}

Result<Report> attest(const Scene& scene) {
  const CreateArguments arguments = enclave_arguments();
  PhysicalMemory memory;
  KEYSTONE_CHECK_OK(memory.add(arguments.epm_base, arguments.epm_size));
  KEYSTONE_CHECK_OK(memory.add(arguments.utm_base, arguments.utm_size));
  KEYSTONE_CHECK_OK(memory.write(arguments.user_base, scene.enclave));
  KEYSTONE_TRY(auto booted, boot(scene));
  SecurityMonitor monitor(std::move(booted), memory, monitor_options(kDefaultProfile));
  KEYSTONE_TRY(const auto created, monitor.create(arguments));
  KEYSTONE_CHECK_OK(check_code(created.code));
  KEYSTONE_CHECK_OK(check_code(monitor.run(created.id)));
  KEYSTONE_TRY(auto attested, monitor.attest(created.id, scene.data));
  KEYSTONE_CHECK_OK(check_code(attested.code));
  KEYSTONE_ASSERT(attested.report.has_value());  // of every success
  return *std::move(attested.report);
}

ReportFields fields_of(const Report& report) {
  return {report.enclave_hash(),      copy_of(report.data()), report.enclave_signature(),
          report.sm_hash(),           report.sm_public_key(), report.sm_signature(),
          report.claimed_device_key()};
}

Status sign_as_sm(ReportFields& fields, const SecretKey& key) {
  KEYSTONE_TRY(const auto report, Report::from_fields(fields));
  KEYSTONE_TRY(fields.enclave_signature, key.sign(report.signed_by_sm()));
  return {};
}

Status sign_as_device(ReportFields& fields, const SecretKey& key) {
  KEYSTONE_TRY(const auto report, Report::from_fields(fields));
  KEYSTONE_TRY(fields.sm_signature, key.sign(report.signed_by_device()));
  return {};
}

Policy policy_for(const Workshop& workshop, const Report& good) {
  constexpr auto kBefore = Instant(std::chrono::sys_days(std::chrono::year(2025) / 6 / 1));
  Policy policy;
  policy.devices.push_back({"board", workshop.device.public_key(), {}, {}});
  policy.devices.push_back({"revoked-board",
                            workshop.revoked_device.public_key(),
                            {},
                            Revocation{kBefore, "its key is known"}});
  policy.security_monitors.push_back({"firmware", {}, good.sm_hash(), {}, {}});
  policy.enclaves.push_back({"enclave", {}, good.enclave_hash(), {}, {}});
  return policy;
}

}  // namespace keystone::cli::attest
