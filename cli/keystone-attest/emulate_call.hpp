// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/json.hpp"
#include "keystone/emulator/security_monitor.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

// The calls that a script puts to an emulated Security Monitor.
namespace keystone::cli::attest {

struct CreateCall {
  CreateArguments arguments;
};

struct StateCall {
  enum class Kind : std::uint8_t { destroy, run, resume, exit };
  Kind kind;
  EnclaveId enclave;
};

struct StopCall {
  EnclaveId enclave;
  SecurityMonitor::StopReason reason;
};

struct RandomCall {};

struct AttestCall {
  EnclaveId enclave;
  std::vector<std::uint8_t> data;
};

// With data and report in memory, at physical addresses.
struct AttestInMemoryCall {
  EnclaveId enclave;
  std::uint64_t report_at;
  std::uint64_t data_at;
  std::uint64_t size;
};

struct SealingKeyCall {
  EnclaveId enclave;
  std::vector<std::uint8_t> ident;
};

// Any call by its number: whether there is one.
struct NumberedCall {
  std::uint64_t function_id;
  bool from_enclave;
};

using ScriptCall = std::variant<CreateCall, StateCall, StopCall, RandomCall, AttestCall,
                                AttestInMemoryCall, SealingKeyCall, NumberedCall>;

// The call's key in a script.
[[nodiscard]] std::string_view name_of(const ScriptCall& call);

// Reads an object with one member, whose key names the call. `malformed`, naming the place.
[[nodiscard]] Result<ScriptCall> read_call(const JsonObject& entry);

}  // namespace keystone::cli::attest
