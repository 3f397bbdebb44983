// SPDX-License-Identifier: Apache-2.0
// The calls that change an enclave's state, and calls by their number.
#include "keystone/emulator/security_monitor.hpp"

#include <array>

namespace keystone {

SmCode SecurityMonitor::destroy(EnclaveId id) {
  Enclave* const enclave = find(id);
  if (enclave == nullptr || enclave->state == State::running) {
    return SmCode::not_destroyable;
  }
  memory_.clear(enclave->arguments.epm_base, enclave->arguments.epm_size);
  *enclave = Enclave();
  return SmCode::success;
}

SmCode SecurityMonitor::run(EnclaveId id) {
  Enclave* const enclave = find(id);
  if (enclave == nullptr || enclave->state != State::fresh) {
    return SmCode::not_fresh;
  }
  enclave->state = State::running;
  return SmCode::success;
}

SmCode SecurityMonitor::resume(EnclaveId id) {
  Enclave* const enclave = find(id);
  if (enclave == nullptr || enclave->state != State::stopped) {
    return SmCode::not_resumable;
  }
  enclave->state = State::running;
  return SmCode::success;
}

SmCode SecurityMonitor::stop(EnclaveId id, StopReason reason) {
  Enclave* const enclave = find(id);
  if (enclave == nullptr || enclave->state != State::running) {
    return SmCode::not_running;
  }
  enclave->state = State::stopped;
  return reason == StopReason::edge_call ? SmCode::edge_call_host : SmCode::interrupted;
}

SmCode SecurityMonitor::exit(EnclaveId id) {
  Enclave* const enclave = find(id);
  if (enclave == nullptr || enclave->state != State::running) {
    return SmCode::not_running;
  }
  enclave->state = State::stopped;
  return SmCode::success;
}

std::uint64_t SecurityMonitor::random(const RandomSource& source) const {
  std::array<std::uint8_t, 8> bytes{};
  source(std::span(bytes).first(size_of(options_.word)));
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    word = word << 8U | bytes[i - 1];
  }
  return word;
}

// The ranges and numbers of sm/src/sm_call.h, keystone 88c49ee.
SmCode SecurityMonitor::check_call(std::uint64_t function_id, bool from_enclave) {
  constexpr std::uint64_t kLastDeprecated = 1999;
  constexpr std::uint64_t kLastOfHost = 2999;
  constexpr std::uint64_t kLastOfEnclave = 3999;
  if (function_id <= kLastDeprecated) {
    return SmCode::deprecated;
  }
  if (function_id <= kLastOfEnclave && from_enclave != (function_id > kLastOfHost)) {
    return SmCode::sbi_prohibited;
  }
  switch (function_id) {
    case 2001:  // create
    case 2002:  // destroy
    case 2003:  // run
    case 2005:  // resume
    case 3001:  // random
    case 3002:  // attest
    case 3003:  // sealing key
    case 3004:  // stop
    case 3006:  // exit
      return SmCode::success;
    default:  // 4000, a plugin's call, too: there are no plugins here
      return SmCode::not_implemented;
  }
}

}  // namespace keystone
