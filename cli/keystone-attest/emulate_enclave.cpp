// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_enclave.hpp"

#include "common/command_line.hpp"
#include "keystone/base/assert.hpp"

namespace keystone::cli::attest {
namespace {

Status check_code(std::string_view call, SmCode code) {
  if (code == SmCode::success) {
    return {};
  }
  const ErrorCode kind = code == SmCode::not_implemented ? ErrorCode::usage : ErrorCode::malformed;
  return fail(kind, std::string(call) + ": the security monitor answers " +
                        std::to_string(static_cast<std::uint64_t>(code)) + " (" +
                        std::string(to_string(code)) + "), want 0");
}

// Unpacks the files into the enclave's private memory, as its host does.
Result<CreateArguments> load_pages(const EnclaveRequest& request, const ByteSource& eapp,
                                   const ByteSource& runtime, PhysicalMemory& memory,
                                   const Console& console) {
  PageWalkParameters parameters = default_parameters(request.profile);
  if (request.user_entry) {
    parameters.user_entry = request.user_entry;
  }
  KEYSTONE_TRY(const auto image, lay_out(PageWalkInputs{eapp, runtime}, request.profile, parameters,
                                         page_walk_placement()));
  console.warnings(image.warnings());
  return load_enclave(image, memory);
}

Result<CreateArguments> load_files(const EnclaveRequest& request, PhysicalMemory& memory,
                                   const Console& console) {
  KEYSTONE_TRY(auto eapp, SourceFile::open("eapp", request.eapp));
  KEYSTONE_TRY(auto runtime, SourceFile::open("runtime", request.runtime));
  CreateArguments arguments{};
  if (info(request.profile).scheme == Scheme::page_walk) {
    KEYSTONE_TRY(arguments, load_pages(request, eapp, runtime, memory, console));
  } else {
    KEYSTONE_TRY(auto loader, SourceFile::open("loader", request.loader));
    KEYSTONE_TRY(const auto image, lay_out(EnclaveInputs{eapp, runtime, loader}, request.profile));
    console.warnings(image.warnings);
    KEYSTONE_TRY(arguments, load_enclave(image, {}, memory));
    KEYSTONE_CHECK_OK(loader.finish());
  }
  KEYSTONE_CHECK_OK(eapp.finish());
  KEYSTONE_CHECK_OK(runtime.finish());
  return arguments;
}

}  // namespace

std::vector<std::string> inputs_of(const DeviceRequest& device, const EnclaveRequest& enclave) {
  std::vector<std::string> inputs = {device.key.value_or(""), device.firmware.value_or(""),
                                     enclave.eapp, enclave.runtime, enclave.loader};
  std::erase(inputs, "");
  return inputs;
}

Result<std::unique_ptr<EmulatedEnclave>> EmulatedEnclave::create(const DeviceRequest& device,
                                                                 const EnclaveRequest& enclave,
                                                                 const Console& console) {
  std::unique_ptr<EmulatedEnclave> started(new EmulatedEnclave());
  KEYSTONE_CHECK_OK(started->start(device, enclave, console));
  return started;
}

Status EmulatedEnclave::start(const DeviceRequest& device, const EnclaveRequest& enclave,
                              const Console& console) {
  KEYSTONE_CHECK_OK(memory_.add(kMachineMemory, kMachineMemorySize));
  KEYSTONE_TRY(auto monitor, start_monitor(device, enclave.profile, memory_, console));
  monitor_.emplace(std::move(monitor));
  KEYSTONE_TRY(const auto arguments, load_files(enclave, memory_, console));
  KEYSTONE_TRY(const auto created, monitor_->create(arguments));
  KEYSTONE_CHECK_OK(check_code("create", created.code));
  id_ = created.id;
  hash_ = created.hash;
  return check_code("run", monitor_->run(id_));
}

Result<Report> EmulatedEnclave::attest(ByteView data) const {
  KEYSTONE_TRY(auto attested, monitor_->attest(id_, data));
  KEYSTONE_CHECK_OK(check_code("attest", attested.code));
  KEYSTONE_ASSERT(attested.report.has_value());  // of every success
  return *std::move(attested.report);
}

Result<SecurityMonitor::Sealed> EmulatedEnclave::sealing_key(ByteView ident) const {
  KEYSTONE_TRY(auto sealed, monitor_->sealing_key(id_, ident));
  KEYSTONE_CHECK_OK(check_code("sealing key", sealed.code));
  return sealed;
}

}  // namespace keystone::cli::attest
