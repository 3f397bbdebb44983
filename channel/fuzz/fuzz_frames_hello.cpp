// SPDX-License-Identifier: Apache-2.0
// However a stream is cut, its hello encodes to the bytes that were taken, and no others are held.
#include "keystone/channel/schannel.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace schannel = keystone::channel::schannel;
namespace {

template <class Hello>
void check(schannel::Dialect dialect, keystone::ByteView input, std::size_t step) {
  schannel::HelloDecoder<Hello> decoder(dialect);
  std::size_t taken = 0;
  keystone::Result<std::size_t> part = 0;
  do {
    part = decoder.feed(input.subspan(taken, std::min(step, input.size() - taken)));
    taken += part.value_or(0);
    KEYSTONE_ASSERT(decoder.held() == (part ? taken : 0) && taken <= decoder.kMaxHeld);
  } while (part && *part != 0);
  const auto hello = decoder.hello();
  KEYSTONE_ASSERT(hello.has_value() == part.has_value());
  KEYSTONE_ASSERT(decoder.finish().has_value() == (hello && *hello));
  if (hello && *hello) {
    const keystone::Result<std::vector<std::uint8_t>> wire = schannel::encode(dialect, **hello);
    KEYSTONE_ASSERT(std::ranges::equal(*wire, input.first(taken)));
  }
}

}  // namespace

void keystone::fuzz(ByteView input) {
  for (const auto dialect : {schannel::Dialect::schannel, schannel::Dialect::wasm}) {
    for (const std::size_t step : {5U, 64U}) {
      check<schannel::ClientHello>(dialect, input, step);
      check<schannel::BoundClientHello>(dialect, input, step);
      check<schannel::ServerHello>(dialect, input, step);
    }
  }
}
