// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/error.hpp"

#include "keystone/base/assert.hpp"

namespace keystone {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::unreadable:
      return "unreadable";
    case ErrorCode::limit_exceeded:
      return "limit_exceeded";
    case ErrorCode::unwritable:
      return "unwritable";
    case ErrorCode::internal:
      return "internal";
    case ErrorCode::unreachable:
      return "unreachable";
  }
  KEYSTONE_ASSERT(false);
}

Error Error::within(std::string_view context) const {
  return {code, std::string(context) + ": " + message, hint};
}

}  // namespace keystone
