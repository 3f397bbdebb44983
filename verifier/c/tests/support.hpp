// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../../tests/setting.hpp"
#include "keystone/testing/owned.hpp"
#include "keystone/verifier.h"

#include <string>
#include <string_view>
#include <type_traits>

#include <gtest/gtest.h>

// The C API with handles that free themselves.
namespace keystone::testing {

using OwnedError = Owned<keystone_error, keystone_error_free>;
using OwnedPolicy = Owned<keystone_policy, keystone_policy_free>;
using OwnedReport = Owned<keystone_report, keystone_report_free>;
using OwnedChallenge = Owned<keystone_challenge, keystone_challenge_free>;
using OwnedVerifier = Owned<keystone_verifier, keystone_verifier_free>;
using OwnedVerdict = Owned<keystone_verdict, keystone_verdict_free>;
using OwnedIssuer = Owned<keystone_issuer, keystone_issuer_free>;
using OwnedReplaySet = Owned<keystone_replay_set, keystone_replay_set_free>;

// Somewhere that no handle is: what a function must overwrite, whatever comes of it.
template <class Handle>
[[nodiscard]] Handle* stale() {
  static char somewhere = 0;
  return reinterpret_cast<Handle*>(&somewhere);
}

// Whether `call`, which is given the `error` parameter, succeeds.
template <class Call>
[[nodiscard]] ::testing::AssertionResult succeeds(const Call& call) {
  auto* error = stale<keystone_error>();
  const keystone_status status = call(&error);
  const OwnedError owned(error);
  if (status != KEYSTONE_OK || error != nullptr) {
    return ::testing::AssertionFailure() << status << ": " << keystone_error_message(error);
  }
  return ::testing::AssertionSuccess();
}

// Whether `call` fails with `want` and an error that states `fact`, and likewise when nobody wants
// to know the error.
template <class Call>
[[nodiscard]] ::testing::AssertionResult fails(const Call& call, keystone_status want,
                                               std::string_view fact) {
  auto* error = stale<keystone_error>();
  const keystone_status status = call(&error);
  const OwnedError owned(error);
  const std::string_view message = keystone_error_message(error);
  if (status != want || keystone_error_status(error) != want) {
    return ::testing::AssertionFailure()
           << "got " << status << " and an error of " << keystone_error_status(error);
  }
  if (message.find(fact) == std::string_view::npos) {
    return ::testing::AssertionFailure() << "no '" << fact << "' in: " << message;
  }
  if (call(static_cast<keystone_error**>(nullptr)) != want) {
    return ::testing::AssertionFailure() << "without an error: another status";
  }
  return ::testing::AssertionSuccess();
}

// What `function(arguments..., &out, &error)` makes; an empty one, and a failed test, if it fails.
template <class Own, class Function, class... Arguments>
[[nodiscard]] Own made(Function function, const Arguments&... arguments) {
  auto* out = stale<typename Own::element_type>();
  EXPECT_TRUE(
      succeeds([&](keystone_error** error) { return function(arguments..., &out, error); }));
  return Own(out);
}

// Whether `function(arguments..., &out, &error)` fails like that, and leaves *out NULL.
template <class Own, class Function, class... Arguments>
[[nodiscard]] ::testing::AssertionResult makes_nothing(keystone_status want, std::string_view fact,
                                                       Function function,
                                                       const Arguments&... arguments) {
  auto* out = stale<typename Own::element_type>();
  const auto failed = fails(
      [&](keystone_error** error) { return function(arguments..., &out, error); }, want, fact);
  if (out != nullptr) {
    return ::testing::AssertionFailure() << "*out is not NULL";
  }
  return failed;
}

[[nodiscard]] inline OwnedPolicy c_policy(const Policy& policy) {
  const std::string text = policy.serialize().value();
  return made<OwnedPolicy>(keystone_policy_parse, text.data(), text.size());
}

[[nodiscard]] inline OwnedReport c_report(ByteView bytes) {
  return made<OwnedReport>(keystone_report_parse, bytes.data(), bytes.size(), KEYSTONE_FORMAT_ANY,
                           0U);
}

[[nodiscard]] inline OwnedVerifier c_verifier(const Policy& policy) {
  return made<OwnedVerifier>(keystone_verifier_new, c_policy(policy).get());
}

[[nodiscard]] inline std::int64_t seconds_of(Instant instant) {
  return instant.time_since_epoch().count();
}

}  // namespace keystone::testing
