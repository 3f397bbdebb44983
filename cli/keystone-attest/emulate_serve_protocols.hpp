// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/emulate_serve_conversation.hpp"
#include "keystone/channel/schannel.hpp"

// The protocols, one by one; converse() chooses.
namespace keystone::cli::attest {

using StartedConversation = Result<std::unique_ptr<Conversation>>;

// channel/keystone_demo.hpp: report, keys, then messages, of which the words are counted.
[[nodiscard]] StartedConversation converse_keystone_demo(bool bound, const Attest& attest);

// channel/schannel.hpp: one hello each way. Nothing is said behind it, so the secret half of the
// server's key is not kept.
[[nodiscard]] StartedConversation converse_schannel(channel::schannel::Dialect dialect, bool bound,
                                                    const Attest& attest);

// channel/raw.hpp: data in, report out.
[[nodiscard]] StartedConversation converse_raw(ReportFormat format, const Attest& attest);

}  // namespace keystone::cli::attest
