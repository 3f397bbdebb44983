// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/sm_code.hpp"

#include "keystone/base/assert.hpp"

namespace keystone {

std::string_view to_string(SmCode code) {
  switch (code) {
    case SmCode::success:
      return "success";
    case SmCode::interrupted:
      return "interrupted";
    case SmCode::pmp_failure:
      return "pmp_failure";
    case SmCode::not_destroyable:
      return "not_destroyable";
    case SmCode::not_accessible:
      return "not_accessible";
    case SmCode::illegal_argument:
      return "illegal_argument";
    case SmCode::not_running:
      return "not_running";
    case SmCode::not_resumable:
      return "not_resumable";
    case SmCode::edge_call_host:
      return "edge_call_host";
    case SmCode::not_initialized:
      return "not_initialized";
    case SmCode::no_free_resource:
      return "no_free_resource";
    case SmCode::sbi_prohibited:
      return "sbi_prohibited";
    case SmCode::illegal_pte:
      return "illegal_pte";
    case SmCode::not_fresh:
      return "not_fresh";
    case SmCode::deprecated:
      return "deprecated";
    case SmCode::not_implemented:
      return "not_implemented";
  }
  KEYSTONE_ASSERT(false);
}

}  // namespace keystone
