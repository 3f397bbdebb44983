// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/channel/frames.hpp"

// The plainest protocol of an attester, over TCP, and ours: for tests, and for whoever brings a
// channel of their own.
//
//   client: one frame, the data that are to be attested, such as a nonce
//   server: one frame, the report
//
// Then both close. The data are all that the report answers: it speaks of no connection.
namespace keystone::channel::raw {

// The client's frame: 1 to 1024 bytes of data (ATTEST_DATA_MAXLEN of Keystone's sm/src/enclave.h,
// 88c49ee). An empty one is for the server to refuse.
inline constexpr FrameFormat kRequestFrames(LengthPrefix::u32_le, 1024);

// The server's: a report in any form.
inline constexpr FrameFormat kAnswerFrames = kOwnFrames;

}  // namespace keystone::channel::raw
