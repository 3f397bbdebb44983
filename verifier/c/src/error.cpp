// SPDX-License-Identifier: Apache-2.0
#include "boundary.hpp"
#include "keystone/base/assert.hpp"

#include <new>
#include <string>

struct keystone_error {
  keystone_status status;
  std::string message;
  std::string hint;
  bool is_permanent;  // not on the heap
};

namespace keystone::c_api {
namespace {

keystone_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return KEYSTONE_ERROR_USAGE;
    case ErrorCode::malformed:
      return KEYSTONE_ERROR_MALFORMED;
    case ErrorCode::limit_exceeded:
      return KEYSTONE_ERROR_LIMIT_EXCEEDED;
    case ErrorCode::internal:
    case ErrorCode::unreadable:  // these three are of files and peers, and a verifier has neither
    case ErrorCode::unwritable:
    case ErrorCode::unreachable:
      return KEYSTONE_ERROR_INTERNAL;
  }
  KEYSTONE_ASSERT(false);
}

// Points `error` to one that is there when no memory is: its message fits into the string itself.
keystone_status hand_over_permanent(keystone_error& permanent, keystone_error** error) noexcept {
  if (error != nullptr) {
    *error = &permanent;
  }
  return permanent.status;
}

keystone_status hand_over_no_memory(keystone_error** error) noexcept {
  static keystone_error no_memory{KEYSTONE_ERROR_INTERNAL, "out of memory", {}, true};
  return hand_over_permanent(no_memory, error);
}

}  // namespace

keystone_status hand_over(Error failure, keystone_error** error) noexcept {
  const keystone_status status = status_of(failure.code);
  if (error == nullptr) {
    return status;
  }
  *error = new (std::nothrow)
      keystone_error{status, std::move(failure.message), std::move(failure.hint), false};
  return *error == nullptr ? hand_over_no_memory(error) : status;
}

keystone_status hand_over_exception(keystone_error** error) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return hand_over_no_memory(error);
  } catch (...) {
    static keystone_error unexpected{KEYSTONE_ERROR_INTERNAL, "an exception", {}, true};
    return hand_over_permanent(unexpected, error);
  }
}

Status check_given(std::initializer_list<Given> parameters) {
  for (const Given& parameter : parameters) {
    if (parameter.pointer == nullptr) {
      return fail(ErrorCode::usage, std::string(parameter.name) + ": got NULL, want a pointer");
    }
  }
  return {};
}

Result<ByteView> bytes_at(std::string_view name, const void* bytes, std::size_t size) {
  if (size == 0) {
    return ByteView();
  }
  KEYSTONE_CHECK_OK(check_given({{name, bytes}}));
  return ByteView(static_cast<const std::uint8_t*>(bytes), size);
}

}  // namespace keystone::c_api

const char* keystone_version() {
  return KEYSTONE_VERSION;
}

keystone_status keystone_error_status(const keystone_error* error) {
  return error == nullptr ? KEYSTONE_OK : error->status;
}

const char* keystone_error_message(const keystone_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

const char* keystone_error_hint(const keystone_error* error) {
  return error == nullptr ? "" : error->hint.c_str();
}

void keystone_error_free(keystone_error* error) {
  if (error != nullptr && !error->is_permanent) {
    delete error;
  }
}
