// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/instant.hpp"
#include "keystone/base/result.hpp"
#include "keystone/verifier.h"

#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

// Where C calls C++: what every function of the C API does before and after its own work.
namespace keystone::c_api {

// The status of `failure`, of which *error, unless `error` is null, tells the caller.
[[nodiscard]] keystone_status hand_over(Error failure, keystone_error** error) noexcept;

// The same of the exception that is being handled.
[[nodiscard]] keystone_status hand_over_exception(keystone_error** error) noexcept;

// The status of `job`, which answers a Status. The one place where errors and exceptions become
// statuses; functions that answer a text answer an empty one instead.
template <class Job>
[[nodiscard]] keystone_status run(keystone_error** error, const Job& job) noexcept {
  if (error != nullptr) {
    *error = nullptr;
  }
  try {
    Status done = job();
    return done ? KEYSTONE_OK : hand_over(std::move(done).error(), error);
  } catch (...) {
    return hand_over_exception(error);
  }
}

// A parameter that may not be null.
struct Given {
  std::string_view name;
  const void* pointer;
};

// `usage` for the first that is null.
[[nodiscard]] Status check_given(std::initializer_list<Given> parameters);

// As run(), for a job that answers a Result<Handle>, which goes to *out.
template <class Handle, class Job>
[[nodiscard]] keystone_status make(Handle** out, keystone_error** error, const Job& job) noexcept {
  if (out != nullptr) {
    *out = nullptr;
  }
  return run(error, [&]() -> Status {
    KEYSTONE_CHECK_OK(check_given({{"out", out}}));
    KEYSTONE_TRY(Handle handle, job());
    *out = new Handle(std::move(handle));
    return {};
  });
}

// The caller's `size` bytes; `usage` if there are some and the pointer is null.
[[nodiscard]] Result<ByteView> bytes_at(std::string_view name, const void* bytes, std::size_t size);

// The caller's N bytes at a pointer that is not null.
template <std::size_t N>
[[nodiscard]] std::span<const std::uint8_t, N> array_at(const std::uint8_t* bytes) {
  return std::span<const std::uint8_t, N>(bytes, N);
}

// What is not written is zero, so that nobody takes stale bytes for an answer.
inline void zero_unless_ok(keystone_status status, std::uint8_t* out, std::size_t size) noexcept {
  if (status != KEYSTONE_OK && out != nullptr) {
    std::memset(out, 0, size);
  }
}

// The number in an enum of C, where it may be any: only its bytes may be looked at.
template <class Enum>
[[nodiscard]] std::underlying_type_t<Enum> number_in(const Enum& value) {
  std::underlying_type_t<Enum> number{};
  std::memcpy(&number, &value, sizeof number);
  return number;
}

[[nodiscard]] inline Instant instant_of(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

}  // namespace keystone::c_api
