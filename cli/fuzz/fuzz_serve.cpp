// SPDX-License-Identifier: Apache-2.0
// No client gets more than one report, an answer without one, or another outcome for the same bytes
// one by one. The first byte chooses the protocol.
#include "keystone-attest/emulate_serve_conversation.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>

namespace attest = keystone::cli::attest;
namespace {

bool gets_report(const attest::ConversationKind& kind, keystone::ByteView input, std::size_t step) {
  std::size_t reports = 0;
  const auto conversation = attest::converse(kind, [&](keystone::ByteView data) {
    KEYSTONE_ASSERT(!data.empty() && data.size() <= 1024 && ++reports == 1);
    std::vector<std::uint8_t> bytes(328 + data.size());
    bytes[64] = static_cast<std::uint8_t>(data.size());
    bytes[65] = static_cast<std::uint8_t>(data.size() >> 8U);
    return keystone::Report::parse(bytes, {.format = keystone::ReportFormat::compact});
  });
  bool ended = !(*conversation)->begin();
  for (std::size_t at = 0; at < input.size() && !ended; at += step) {
    const auto said =
        (*conversation)->receive(input.subspan(at, std::min(step, input.size() - at)));
    KEYSTONE_ASSERT(!said || said->answer.empty() || reports == 1);
    ended = !said || said->ended;
  }
  return reports == 1;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const unsigned choice = input.empty() ? 0 : input.front() % 8U;
  const auto protocol = static_cast<attest::ServeProtocol>(choice / 2);
  const attest::ConversationKind kind{protocol, choice % 2 == 1 && choice < 6};
  const ByteView stream = input.subspan(input.empty() ? 0 : 1);
  KEYSTONE_ASSERT(gets_report(kind, stream, 1) == gets_report(kind, stream, 4096));
}
