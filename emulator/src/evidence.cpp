// SPDX-License-Identifier: Apache-2.0
// What a monitor says about an enclave: reports and sealing keys.
#include "keystone/crypto/hkdf.hpp"
#include "keystone/emulator/security_monitor.hpp"

#include <algorithm>

namespace keystone {
namespace {

const Signature& zero_signature() {
  static const Signature zeros{std::array<std::uint8_t, Signature::kSize>{}};
  return zeros;
}

// The bytes that a report's first signature is over: hash, data_len, data.
std::vector<std::uint8_t> signed_bytes(const EnclaveHash& hash, ByteView data) {
  std::vector<std::uint8_t> bytes(hash.bytes().begin(), hash.bytes().end());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes.push_back(static_cast<std::uint8_t>(std::uint64_t{data.size()} >> shift));
  }
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from a seed everywhere.
std::uint64_t next_number(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state;
  mixed = (mixed ^ mixed >> 30U) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27U) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31U;
}

}  // namespace

Result<Report> SecurityMonitor::make_report(const Enclave& enclave, ByteView data) const {
  const SmIdentity& identity = booted_.identity;
  Signature signature = zero_signature();
  if (!answers_zeros()) {
    KEYSTONE_TRY(signature, booted_.sm_key.sign(signed_bytes(*enclave.hash, data)));
  }
  KEYSTONE_TRY(const auto compact, Report::from_fields({*enclave.hash,
                                                        {data.begin(), data.end()},
                                                        signature,
                                                        identity.sm_hash,
                                                        identity.sm_public_key,
                                                        identity.sm_signature,
                                                        identity.device_key}));
  Report::ParseOptions fixed;
  fixed.format = ReportFormat::fixed;
  return Report::parse(compact.encode_fixed(), fixed);
}

SmCode SecurityMonitor::check_attest(EnclaveId id, std::uint64_t size) const {
  if (!options_.attests) {
    return SmCode::not_implemented;
  }
  if (size > ReportLayout::kMaxData) {
    return SmCode::illegal_argument;
  }
  return find(id) == nullptr ? SmCode::not_initialized : SmCode::success;
}

Result<SecurityMonitor::Attested> SecurityMonitor::attest(EnclaveId id, ByteView data) const {
  if (const SmCode code = check_attest(id, data.size()); code != SmCode::success) {
    return Attested{code, {}};
  }
  KEYSTONE_TRY(auto report, make_report(*find(id), data));
  return Attested{SmCode::success, std::move(report)};
}

// Private and untrusted memory may lie side by side, and an access across the border.
bool SecurityMonitor::may_access(const Enclave& enclave, std::uint64_t address,
                                 std::uint64_t size) const {
  const CreateArguments& own = enclave.arguments;
  while (size > 0) {
    const bool in_epm = address >= own.epm_base && address - own.epm_base < own.epm_size;
    const std::uint64_t base = in_epm ? own.epm_base : own.utm_base;
    const std::uint64_t region_size = in_epm ? own.epm_size : own.utm_size;
    if (address < base || address - base >= region_size) {
      return false;
    }
    const std::uint64_t here = std::min(size, region_size - (address - base));
    size -= here;
    address += here;
  }
  return true;
}

Result<SecurityMonitor::Attested> SecurityMonitor::attest_in_memory(EnclaveId id,
                                                                    std::uint64_t report_at,
                                                                    std::uint64_t data_at,
                                                                    std::uint64_t size) {
  if (const SmCode code = check_attest(id, size); code != SmCode::success) {
    return Attested{code, {}};
  }
  const Enclave& enclave = *find(id);
  if (!may_access(enclave, data_at, size)) {
    return Attested{SmCode::not_accessible, {}};
  }
  std::vector<std::uint8_t> data(static_cast<std::size_t>(size));
  KEYSTONE_CHECK_OK(memory_.read(data_at, data));
  KEYSTONE_TRY(auto report, make_report(enclave, data));
  if (!may_access(enclave, report_at, report.received().size())) {
    return Attested{SmCode::illegal_argument, {}};
  }
  KEYSTONE_CHECK_OK(memory_.write(report_at, report.received()));
  return Attested{SmCode::success, std::move(report)};
}

Result<SecurityMonitor::Sealed> SecurityMonitor::sealing_key(EnclaveId id,
                                                             ByteView key_ident) const {
  const Enclave* const enclave = find(id);
  if (!options_.attests) {
    return Sealed{SmCode::not_implemented, {}, {}};
  }
  if (enclave == nullptr) {
    return Sealed{SmCode::not_initialized, {}, {}};
  }
  if (key_ident.size() > kMaxKeyIdent) {
    return Sealed{SmCode::illegal_argument, {}, {}};
  }
  SecretBytes key(kSealingKeySize);
  Signature signature = zero_signature();
  if (!answers_zeros()) {
    std::vector<std::uint8_t> info(enclave->hash->bytes().begin(), enclave->hash->bytes().end());
    info.insert(info.end(), key_ident.begin(), key_ident.end());
    KEYSTONE_CHECK_OK(hkdf_sha3_512(booted_.sm_key.expose_secret(), info, key.bytes()));
    KEYSTONE_TRY(signature, booted_.sm_key.sign(key.bytes()));
  }
  return Sealed{SmCode::success, std::move(key), signature};
}

Result<Report> with_dirty_tail(const Report& report, std::uint64_t seed) {
  std::vector<std::uint8_t> bytes = report.encode_fixed();
  const std::size_t end = ReportLayout::kData + ReportLayout::kMaxData;
  for (std::size_t at = ReportLayout::kData + report.data().size(); at < end; ++at) {
    bytes[at] = static_cast<std::uint8_t>(next_number(seed) | 1U);
  }
  Report::ParseOptions fixed;
  fixed.format = ReportFormat::fixed;
  return Report::parse(bytes, fixed);
}

}  // namespace keystone
