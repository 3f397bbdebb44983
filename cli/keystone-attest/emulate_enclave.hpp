// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_device.hpp"
#include "keystone/emulator/enclave_loader.hpp"

#include <memory>
#include <string>
#include <vector>

namespace keystone::cli::attest {

// The files of an enclave, and the generation that it is of.
struct EnclaveRequest {
  Profile profile = kDefaultProfile;
  std::string eapp;
  std::string runtime;
  std::string loader;                         // empty with a page-walk profile, which has none
  std::optional<std::uint64_t> user_entry{};  // of the first page-walk profiles
};

// The files that both name.
[[nodiscard]] std::vector<std::string> inputs_of(const DeviceRequest& device,
                                                 const EnclaveRequest& enclave);

// A device that was booted, and an enclave that runs on it.
class EmulatedEnclave {
 public:
  // Fails as boot_device(), lay_out() and load_enclave(); messages name the file. `malformed`, with
  // the monitor's code, if the monitor refuses the enclave.
  [[nodiscard]] static Result<std::unique_ptr<EmulatedEnclave>> create(
      const DeviceRequest& device, const EnclaveRequest& enclave, const Console& console);

  [[nodiscard]] const EnclaveHash& hash() const { return *hash_; }

  // What the monitor answers the enclave; `usage` if it has no such call.
  [[nodiscard]] Result<Report> attest(ByteView data) const;
  [[nodiscard]] Result<SecurityMonitor::Sealed> sealing_key(ByteView ident) const;

 private:
  EmulatedEnclave() = default;
  [[nodiscard]] Status start(const DeviceRequest& device, const EnclaveRequest& enclave,
                             const Console& console);

  PhysicalMemory memory_;
  std::optional<SecurityMonitor> monitor_;  // over memory_
  EnclaveId id_ = 0;
  std::optional<EnclaveHash> hash_;
};

}  // namespace keystone::cli::attest
