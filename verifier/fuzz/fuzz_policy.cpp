// SPDX-License-Identifier: Apache-2.0
// What parses as a policy serialises, and that text is what it parses to again; what parses as a
// whole one also parses as a draft. An error is one printable line, whatever the input was.
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/testing/fuzz.hpp"
#include "keystone/verifier/policy.hpp"

void keystone::fuzz(ByteView input) {
  const std::string text(input.begin(), input.end());
  const auto draft = Policy::parse_draft(text);
  const auto policy = Policy::parse(text);
  KEYSTONE_ASSERT(policy.has_value() == (draft && draft->check_complete()));
  if (!draft) {
    const std::string& message = draft.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    return;
  }
  const auto written = draft->serialize();
  if (!written && written.error().code == ErrorCode::limit_exceeded) {
    return;  // indented, it is larger than what is read
  }
  KEYSTONE_ASSERT(written.has_value());
  const auto again = Policy::parse_draft(*written);
  KEYSTONE_ASSERT(again.has_value());
  KEYSTONE_ASSERT(again->serialize().value() == *written);
}
