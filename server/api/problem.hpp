// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.hpp"
#include "keystone/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

// What is said instead of an answer: problem details (RFC 9457).
namespace keystone::server {

// Why a request is not answered as it was meant. What stands in `detail` goes to the client; it
// names what the client sent, and nothing of this machine.
struct Problem {
  unsigned status;
  std::string detail;
  std::string cause = {};                  // for the log alone
  std::vector<http::Header> headers = {};  // in addition

  Problem(unsigned code, std::string text) : status(code), detail(std::move(text)) {}

  // An Error over what the client sent: 400 or 413 with the message. Any other is ours: a 500
  // whose message is for the log. Implicit, so that KEYSTONE_TRY takes a Result where an Answer is
  // returned; the store's go through stored().
  Problem(const Error& error);
};

// A value, or the Problem that says why there is none.
template <class T>
using Answer = tl::expected<T, Problem>;

[[nodiscard]] inline tl::unexpected<Problem> refuse(unsigned status, std::string detail) {
  return tl::unexpected<Problem>(Problem(status, std::move(detail)));
}

// The store, or another part of ours that may be back soon, failed: 503, whatever the Error.
[[nodiscard]] Problem unavailable(const Error& error);

// What the store answered; 503 where it failed.
template <class T>
[[nodiscard]] Answer<T> stored(Result<T> result) {
  if (!result) {
    return tl::unexpected<Problem>(unavailable(result.error()));
  }
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return *std::move(result);
  }
}

// The members of a problem in JSON: {"type":"about:blank","title":...,"status":...,"detail":...,
// "instance":...}. `instance` is the request's id.
[[nodiscard]] std::string to_json(const Problem& problem, std::string_view request_id);

// As an answer of the type application/problem+json.
[[nodiscard]] http::Response response_of(const Problem& problem, std::string_view request_id);

}  // namespace keystone::server

namespace keystone {

// For KEYSTONE_TRY over an Answer.
[[nodiscard]] inline tl::unexpected<server::Problem> fail(server::Problem problem) {
  return tl::unexpected<server::Problem>(std::move(problem));
}

}  // namespace keystone
