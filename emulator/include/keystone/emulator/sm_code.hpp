// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace keystone {

// What a Security Monitor answers a call with (sm/src/sm_err.h, keystone 88c49ee).
enum class SmCode : std::uint64_t {
  success = 0,
  interrupted = 100002,
  pmp_failure = 100003,
  not_destroyable = 100005,
  not_accessible = 100007,
  illegal_argument = 100008,
  not_running = 100009,
  not_resumable = 100010,
  edge_call_host = 100011,
  not_initialized = 100012,
  no_free_resource = 100013,
  sbi_prohibited = 100014,
  illegal_pte = 100015,
  not_fresh = 100016,
  deprecated = 100099,
  not_implemented = 100100,
};

// The enumerator's name.
[[nodiscard]] std::string_view to_string(SmCode code);

}  // namespace keystone
