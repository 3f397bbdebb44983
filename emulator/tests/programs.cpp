// SPDX-License-Identifier: Apache-2.0
#include "programs.hpp"

namespace keystone::testing {
namespace {

struct Loaded {
  CreateArguments arguments;
  EnclaveHash expected_hash;
};

// v0.1 and v0.2 take no entry from the eapp: their host is told.
PageWalkParameters parameters_of(Profile profile) {
  PageWalkParameters parameters = default_parameters(profile);
  if (profile == Profile::pagewalk_v0_1 || profile == Profile::pagewalk_v0_2) {
    parameters.user_entry = 0x10000;
  }
  return parameters;
}

Loaded load(const Program& program, PhysicalMemory& memory) {
  const Bytes eapp = read_vector_file(program.eapp);
  const Bytes runtime = read_vector_file(program.runtime);
  const ArraySource eapp_source(eapp);
  const ArraySource runtime_source(runtime);
  if (program.loader.empty()) {
    const auto image = lay_out(PageWalkInputs{eapp_source, runtime_source}, program.profile,
                               parameters_of(program.profile), page_walk_placement())
                           .value();
    return {load_enclave(image, memory).value(), measure(image).value().hash};
  }
  const Bytes loader = read_vector_file(program.loader);
  const ArraySource loader_source(loader);
  const auto image = lay_out({eapp_source, runtime_source, loader_source}, program.profile).value();
  return {load_enclave(image, {}, memory).value(), measure(image).value().hash};
}

Device boot(const Attestation& attestation) {
  Device::Options options;
  options.window.platform = attestation.platform;
  options.boot_rom = attestation.boot_rom;
  const ArraySource firmware(attestation.firmware);
  return Device::boot(options, device_key(attestation.device), &firmware).value();
}

}  // namespace

const std::array<Program, 8>& programs() {
  const std::string walk = "pagewalk/elf/";
  const std::string rust = "rust-sdk-0.3/in/base.";
  static const std::array<Program, 8> all = {{
      {Profile::keystone_loader_rv64, "bundled/rv64/eapp.elf", "bundled/rv64/runtime.elf",
       "bundled/rv64/loader.elf", "bundled/rv64/runtime.elf", "bundled/rv64/eapp.elf"},
      {Profile::keystone_loader_rv32, "bundled/rv32/eapp.elf", "bundled/rv32/runtime.elf",
       "bundled/rv32/loader.elf", "bundled/rv32/runtime.elf", "bundled/rv32/eapp.elf"},
      {Profile::rust_sdk_0_3, rust + "eapp", rust + "rt", rust + "loader", rust + "rt",
       rust + "eapp"},
      {Profile::keystone_v1, walk + "e_multi", walk + "rt_multi", "", walk + "e_min",
       walk + "rt_gap"},
      {Profile::keystone_v1_rv32, walk + "r32_e_multi", walk + "r32_rt_multi", "",
       walk + "r32_e_min", walk + "r32_rt_gap"},
      {Profile::pagewalk_v0_3, walk + "e_multi", walk + "rt_multi", "", walk + "e_min",
       walk + "rt_gap"},
      {Profile::pagewalk_v0_2, walk + "e_bss", walk + "rt_multi", "", walk + "e_1m",
       walk + "rt_min"},
      {Profile::pagewalk_v0_1, walk + "e_bss", walk + "rt_multi", "", walk + "e_1m",
       walk + "rt_min"},
  }};
  return all;
}

Attested attest(const Attestation& attestation) {
  PhysicalMemory memory;
  EXPECT_TRUE(memory.add(kRamBase, kRamSize));
  const Loaded loaded = load(attestation.program, memory);
  SecurityMonitor monitor = boot(attestation).start(memory, attestation.program.profile);
  const auto created = monitor.create(loaded.arguments).value();
  EXPECT_EQ(created.code, SmCode::success);
  EXPECT_EQ(monitor.run(created.id), SmCode::success);
  return {monitor.identity(), loaded.expected_hash,
          monitor.attest(created.id, attestation.data).value().report.value()};
}

}  // namespace keystone::testing
