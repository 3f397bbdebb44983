// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_call.hpp"

#include "keystone-attest/emulate_json.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keystone::cli::attest {
namespace {

Status optional_number_at(const JsonObject& object, std::string_view key, std::uint64_t& number) {
  if (object.has(key)) {
    KEYSTONE_TRY(number, number_at(object, key));
  }
  return {};
}

Result<EnclaveId> enclave_of(const JsonObject& call) {
  KEYSTONE_TRY(const auto id, call.unsigned_at("enclave"));
  return static_cast<EnclaveId>(id);
}

Result<ScriptCall> read_create(const JsonObject& call) {
  CreateArguments a{};
  const std::pair<std::string_view, std::uint64_t*> required[] = {
      {"epm_base", &a.epm_base}, {"epm_size", &a.epm_size},    {"utm_base", &a.utm_base},
      {"utm_size", &a.utm_size}, {"runtime", &a.runtime_base}, {"user", &a.user_base},
      {"free", &a.free_base}};
  for (const auto& [key, number] : required) {
    KEYSTONE_TRY(*number, number_at(call, key));
  }
  std::uint64_t unused = 0;  // what the host asked for: the monitor does not look at it
  const std::pair<std::string_view, std::uint64_t*> optional[] = {
      {"free_requested", &unused},
      {"runtime_entry", &a.runtime_entry},
      {"user_entry", &a.user_entry},
      {"untrusted_ptr", &a.untrusted_ptr},
      {"untrusted_size", &a.untrusted_size}};
  for (const auto& [key, number] : optional) {
    KEYSTONE_CHECK_OK(optional_number_at(call, key, *number));
  }
  return CreateCall{a};
}

template <StateCall::Kind kKind>
Result<ScriptCall> read_state(const JsonObject& call) {
  KEYSTONE_TRY(const auto enclave, enclave_of(call));
  return StateCall{kKind, enclave};
}

Result<ScriptCall> read_stop(const JsonObject& call) {
  constexpr std::array<std::string_view, 2> kReasons = {"timer_interrupt", "edge_call"};
  KEYSTONE_TRY(const auto enclave, enclave_of(call));
  KEYSTONE_TRY(const auto reason, word_at(call, "reason", kReasons));
  return StopCall{enclave, reason == 0 ? SecurityMonitor::StopReason::timer_interrupt
                                       : SecurityMonitor::StopReason::edge_call};
}

Result<ScriptCall> read_random(const JsonObject&) {
  return RandomCall{};
}

Result<ScriptCall> read_attest(const JsonObject& call) {
  KEYSTONE_TRY(const auto enclave, enclave_of(call));
  if (!call.has("report_at")) {
    KEYSTONE_TRY(auto data, hex_at(call, "data"));
    return AttestCall{enclave, std::move(data)};
  }
  KEYSTONE_TRY(const auto report_at, number_at(call, "report_at"));
  KEYSTONE_TRY(const auto data_at, number_at(call, "data_at"));
  KEYSTONE_TRY(const auto size, number_at(call, "size"));
  return AttestInMemoryCall{enclave, report_at, data_at, size};
}

Result<ScriptCall> read_sealing_key(const JsonObject& call) {
  KEYSTONE_TRY(const auto enclave, enclave_of(call));
  KEYSTONE_TRY(auto ident, hex_at(call, "ident"));
  return SealingKeyCall{enclave, std::move(ident)};
}

Result<ScriptCall> read_numbered(const JsonObject& call) {
  KEYSTONE_TRY(const auto function_id, call.unsigned_at("function"));
  KEYSTONE_TRY(const bool from_enclave, call.bool_at("from_enclave"));
  return NumberedCall{function_id, from_enclave};
}

using CallReader = Result<ScriptCall> (*)(const JsonObject&);

constexpr std::pair<std::string_view, CallReader> kCalls[] = {
    {"create", read_create},
    {"destroy", read_state<StateCall::Kind::destroy>},
    {"run", read_state<StateCall::Kind::run>},
    {"resume", read_state<StateCall::Kind::resume>},
    {"exit", read_state<StateCall::Kind::exit>},
    {"stop", read_stop},
    {"random", read_random},
    {"attest", read_attest},
    {"sealing_key", read_sealing_key},
    {"call", read_numbered},
};

std::string_view name_of(StateCall::Kind kind) {
  switch (kind) {
    case StateCall::Kind::destroy:
      return "destroy";
    case StateCall::Kind::run:
      return "run";
    case StateCall::Kind::resume:
      return "resume";
    case StateCall::Kind::exit:
      return "exit";
  }
  KEYSTONE_ASSERT(false);
}

struct Name {
  std::string_view operator()(const CreateCall&) const { return "create"; }
  std::string_view operator()(const StateCall& call) const { return name_of(call.kind); }
  std::string_view operator()(const StopCall&) const { return "stop"; }
  std::string_view operator()(const RandomCall&) const { return "random"; }
  std::string_view operator()(const AttestCall&) const { return "attest"; }
  std::string_view operator()(const AttestInMemoryCall&) const { return "attest"; }
  std::string_view operator()(const SealingKeyCall&) const { return "sealing_key"; }
  std::string_view operator()(const NumberedCall&) const { return "call"; }
};

}  // namespace

std::string_view name_of(const ScriptCall& call) {
  return std::visit(Name(), call);
}

Result<ScriptCall> read_call(const JsonObject& entry) {
  const auto* const found = std::find_if(std::begin(kCalls), std::end(kCalls),
                                         [&](const auto& row) { return entry.has(row.first); });
  if (found == std::end(kCalls)) {
    KEYSTONE_CHECK_OK(entry.no_others());
    return fail(ErrorCode::malformed, entry.path() + ": got no call, want one");
  }
  KEYSTONE_TRY(const auto arguments, entry.object_at(found->first));
  KEYSTONE_TRY(auto call, found->second(arguments));
  KEYSTONE_CHECK_OK(arguments.no_others());
  KEYSTONE_CHECK_OK(entry.no_others());
  return call;
}

}  // namespace keystone::cli::attest
