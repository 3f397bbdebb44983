// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/crypto/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

// SHA3-512 of many messages. One message cannot be split, but several can be hashed side by side in
// the lanes of the processor's vectors: 8 with AVX-512, 4 with AVX2, else one after another. The
// digests are those of digest.hpp. Lengths may differ: the next message takes the lane of one that
// ends. For public bytes: copies of them stay in buffers that nobody wipes.
namespace keystone {

// digests[i] becomes the digest of messages[i]; there must be as many of one as of the other. Fails
// with `internal` as sha3_512() does; the digests are then unspecified.
[[nodiscard]] Status sha3_512_many(std::span<const ByteView> messages,
                                   std::span<Digest512> digests);

// One message that is read piece by piece, and who wants its digest. No function may throw.
class DigestStream {
 public:
  virtual ~DigestStream() = default;

  // Fills `out` with the next bytes and returns how many these are: all of out.size(), or fewer,
  // and then the message ends there and read() is not called again. An Error ends this message, and
  // no other.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;

  // Called once, as the last: the digest of what was read, or the Error of read() or of the hash.
  virtual void finish(Result<Digest512> digest) = 0;
};

// Gives the next message, or null when there are no more.
using NextStream = std::function<std::unique_ptr<DigestStream>()>;

// Hashes what `next` gives, at most `most_at_once` (at least 1) of them at a time, in the calling
// thread; a message is destroyed when it is finished. Threads may share the work by calling this
// each with a `next` that takes from one list. Uses at most 300 KiB for buffers.
void sha3_512_streams(const NextStream& next, std::size_t most_at_once);

// How many streams sha3_512_streams() can hash side by side on this processor: 1, 4 or 8.
[[nodiscard]] std::size_t digest_lanes();

}  // namespace keystone
