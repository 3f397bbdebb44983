// SPDX-License-Identifier: Apache-2.0
// What parses as a golden file serialises, and that text is what it parses to again. An error is
// one printable line, whatever the input was.
#include "keystone/base/assert.hpp"
#include "keystone/base/golden.hpp"
#include "keystone/base/text.hpp"
#include "keystone/testing/fuzz.hpp"

void keystone::fuzz(ByteView input) {
  const std::string text(input.begin(), input.end());
  const auto file = GoldenFile::parse(text);
  if (!file) {
    const std::string& message = file.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    return;
  }
  const auto written = file->serialize();
  if (!written && written.error().code == ErrorCode::limit_exceeded) {
    return;  // indented, it is larger than what is read
  }
  KEYSTONE_ASSERT(written.has_value());
  const auto again = GoldenFile::parse(*written);
  KEYSTONE_ASSERT(again.has_value());
  KEYSTONE_ASSERT(again->serialize().value() == *written);
}
