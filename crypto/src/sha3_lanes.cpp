// SPDX-License-Identifier: Apache-2.0
#include "sha3_lanes.hpp"

#include "keystone/base/assert.hpp"
#include "sha3_lanes_scheduler.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

namespace keystone {
namespace detail::sha3 {
namespace {

// --- messages that are all there -----------------------------------------------------------------

class ArrayFeed final : public Feed {
 public:
  ArrayFeed(std::span<const ByteView> messages, std::span<Digest512> digests)
      : messages_(messages), digests_(digests), order_(messages.size()) {
    // The longest first: what is left at the end, with lanes free, is then short.
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return messages[a].size() > messages[b].size();
    });
  }

  bool start(std::size_t seat) override {
    if (next_ == order_.size()) {
      return false;
    }
    seats_[seat].message = order_[next_++];
    seats_[seat].stage = Stage::whole_blocks;
    return true;
  }

  ByteView more(std::size_t seat_number) override {
    Seat& seat = seats_[seat_number];
    const ByteView message = messages_[seat.message];
    const std::size_t whole = message.size() - message.size() % kRate;
    if (seat.stage == Stage::whole_blocks && whole > 0) {
      seat.stage = Stage::last_block;
      return message.first(whole);
    }
    if (seat.stage != Stage::ended) {
      seat.stage = Stage::ended;
      seat.last_block = padded(message.subspan(whole));
      return seat.last_block;
    }
    return {};
  }

  void finish(std::size_t seat, std::span<const std::uint8_t, 64> digest) override {
    digests_[seats_[seat].message] = Digest512(digest);
  }

 private:
  enum class Stage : std::uint8_t { whole_blocks, last_block, ended };
  struct Seat {
    std::size_t message = 0;
    Stage stage = Stage::ended;
    std::array<std::uint8_t, kRate> last_block{};
  };

  std::span<const ByteView> messages_;
  std::span<Digest512> digests_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
  std::array<Seat, kMaxLanes> seats_{};
};

// --- messages that are read ----------------------------------------------------------------------

// Read at once for each message: large enough that calls cost nothing, small enough that those of
// all lanes fit a core's cache.
constexpr std::size_t kChunk = 512 * kRate;
static_assert(kMaxLanes * kChunk <= std::size_t{300} << 10U);

class StreamFeed final : public Feed {
 public:
  StreamFeed(const NextStream& next, std::size_t seats)
      : next_(next), buffer_(seats * kChunk), seats_(seats) {}

  bool start(std::size_t seat) override {
    seats_[seat] = {next_(), false, {}};
    return seats_[seat].stream != nullptr;
  }

  ByteView more(std::size_t number) override {
    Seat& seat = seats_[number];
    if (seat.ended) {
      return {};
    }
    const auto chunk = std::span(buffer_).subspan(number * kChunk, kChunk);
    const auto count = seat.stream->read(chunk);
    if (!count) {
      seat.ended = true;
      seat.error = count.error();
      return {};
    }
    KEYSTONE_ASSERT(*count <= kChunk);
    if (*count == kChunk) {
      return chunk;
    }
    seat.ended = true;
    const std::size_t whole = *count - *count % kRate;
    const auto last = padded(chunk.subspan(whole, *count - whole));
    std::copy(last.begin(), last.end(), chunk.subspan(whole).begin());
    return chunk.first(whole + kRate);
  }

  void finish(std::size_t number, std::span<const std::uint8_t, 64> digest) override {
    Seat& seat = seats_[number];
    seat.stream->finish(seat.error ? Result<Digest512>(fail(*seat.error)) : Digest512(digest));
    seat.stream.reset();
  }

 private:
  struct Seat {
    std::unique_ptr<DigestStream> stream;
    bool ended = false;
    std::optional<Error> error{};
  };

  const NextStream& next_;
  std::vector<std::uint8_t> buffer_;
  std::vector<Seat> seats_;
};

// --- one after another ---------------------------------------------------------------------------

Result<Digest512> digest_of(DigestStream& stream, std::span<std::uint8_t> buffer) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  std::size_t count = buffer.size();
  while (count == buffer.size()) {
    KEYSTONE_TRY(count, stream.read(buffer));
    hash.update(buffer.first(count));
  }
  return std::move(hash).finish();
}

void streams_one_by_one(const NextStream& next) {
  std::vector<std::uint8_t> buffer(kChunk);
  while (const auto stream = next()) {
    stream->finish(digest_of(*stream, buffer));
  }
}

Status many_one_by_one(std::span<const ByteView> messages, std::span<Digest512> digests) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    KEYSTONE_TRY(digests[i], keystone::sha3_512(messages[i]));
  }
  return {};
}

// --- paths ---------------------------------------------------------------------------------------

#if defined(__x86_64__)
constexpr Kernels kAvx2 = {2, 4, absorb_4_avx2, 0, nullptr};
constexpr Kernels kAvx512 = {1, 8, absorb_8_avx512, 4, absorb_4_avx512};
#endif

// Null: one after another.
const Kernels* kernels_of(Path path) {
  KEYSTONE_ASSERT(is_available(path));
#if defined(__x86_64__)
  if (path != Path::portable) {
    return path == Path::avx2 ? &kAvx2 : &kAvx512;
  }
#endif
  return nullptr;
}

}  // namespace

bool is_available(Path path) {
#if defined(__x86_64__)
  // Both ask the system, too, whether it keeps these registers.
  if (path == Path::avx2) {
    return __builtin_cpu_supports("avx2") != 0;
  }
  if (path == Path::avx512) {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  }
#endif
  return path == Path::portable;
}

Path best_path() {
  static const Path best = is_available(Path::avx512) ? Path::avx512
                           : is_available(Path::avx2) ? Path::avx2
                                                      : Path::portable;
  return best;
}

std::size_t digest_lanes(Path path) {
  const Kernels* const kernels = kernels_of(path);
  return kernels == nullptr ? 1 : kernels->lanes;
}

Status sha3_512_many(Path path, std::span<const ByteView> messages, std::span<Digest512> digests) {
  KEYSTONE_ASSERT(messages.size() == digests.size());
  const Kernels* const kernels = kernels_of(path);
  if (kernels == nullptr || messages.size() < kernels->least) {
    return many_one_by_one(messages, digests);
  }
  ArrayFeed feed(messages, digests);
  run(feed, *kernels, kernels->lanes);
  return {};
}

void sha3_512_streams(Path path, const NextStream& next, std::size_t most_at_once) {
  KEYSTONE_ASSERT(most_at_once >= 1);
  const Kernels* const kernels = kernels_of(path);
  if (kernels == nullptr || most_at_once < kernels->least) {
    return streams_one_by_one(next);
  }
  const std::size_t seats = std::min(most_at_once, kernels->lanes);
  StreamFeed feed(next, seats);
  run(feed, *kernels, seats);
}

}  // namespace detail::sha3

std::size_t digest_lanes() {
  return detail::sha3::digest_lanes(detail::sha3::best_path());
}

Status sha3_512_many(std::span<const ByteView> messages, std::span<Digest512> digests) {
  return detail::sha3::sha3_512_many(detail::sha3::best_path(), messages, digests);
}

void sha3_512_streams(const NextStream& next, std::size_t most_at_once) {
  detail::sha3::sha3_512_streams(detail::sha3::best_path(), next, most_at_once);
}

}  // namespace keystone
