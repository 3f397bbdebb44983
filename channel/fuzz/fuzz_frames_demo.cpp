// SPDX-License-Identifier: Apache-2.0
// What is an envelope, a message or a reply of keystone-demo encodes to the bytes it came from; but
// for the six bytes of a message that say nothing, which become zeros.
#include "keystone/base/assert.hpp"
#include "keystone/channel/keystone_demo.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace demo = keystone::channel::keystone_demo;

void keystone::fuzz(ByteView input) {
  std::vector<std::uint8_t> bytes(input.begin(), input.end());
  if (const auto envelope = demo::split_envelope(input)) {
    KEYSTONE_ASSERT(input.size() <= demo::kMaxEnvelope);
    KEYSTONE_ASSERT(demo::join_envelope(*envelope).value() == bytes);
  }
  if (const auto reply = demo::decode_reply(input)) {
    KEYSTONE_ASSERT(demo::encode_reply(*reply) == bytes);
  }
  if (const auto message = demo::decode_message(input)) {
    KEYSTONE_ASSERT(message->text.size() <= demo::kMaxText);
    std::fill_n(bytes.begin() + sizeof message->type, 6, std::uint8_t{0});
    KEYSTONE_ASSERT(demo::encode_message(*message).value() == bytes);
  }
}
