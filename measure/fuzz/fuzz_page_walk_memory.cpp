// SPDX-License-Identifier: Apache-2.0
// A walk over any page tables ends in its bound, goes upwards, says where ranges start, and hashes
// just what it visits.
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/measure/page_walk.hpp"
#include "keystone/testing/fuzz.hpp"

#include <optional>
#include <vector>

namespace {

using namespace keystone;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t kEpm = 0x80000000;
constexpr std::uint64_t kUtm = 0x80010000;  // just behind
constexpr std::size_t kPages = 16;          // of private memory; two of untrusted
constexpr std::uint64_t kMostPages = 100;

// One mode byte, seven for the arguments, then entries of five bytes: table, index of two, target,
// low bits. Pages beyond the memory are among the targets.
struct Input {
  explicit Input(ByteView bytes) : memory((kPages + 2) * kPageSize) {
    bytes = bytes.subspan(take_arguments(bytes));
    const std::size_t width = size_of(options.word);
    for (; bytes.size() >= 5; bytes = bytes.subspan(5)) {
      const std::size_t index = (bytes[1] + std::size_t{256} * bytes[2]) % (kPageSize / width);
      const std::uint64_t target = kEpm + std::uint64_t{bytes[3]} * kPageSize % 0x20000;
      std::uint64_t entry = target >> 12U << 10U | bytes[4];
      entry |= bytes[3] >= 0xf0 ? std::uint64_t{bytes[3]} << 56U : 0;  // the highest bits
      for (std::size_t i = 0; i < width; ++i) {
        memory[bytes[0] % kPages * kPageSize + index * width + i] =
            static_cast<std::uint8_t>(entry >> (8 * i));
      }
    }
  }

  std::size_t take_arguments(ByteView bytes) {
    const auto byte = [&](std::size_t i) -> std::uint64_t {
      return i < bytes.size() ? bytes[i] : 0;
    };
    options.word = (byte(0) & 1U) != 0 ? Word::bits32 : Word::bits64;
    options.checks = (byte(0) & 2U) != 0 ? WalkChecks::skip_foreign : WalkChecks::refuse;
    options.max_pages = kMostPages;
    const auto page = [&](std::size_t i) { return kEpm + byte(i) * kPageSize; };
    arguments = {
        kEpm, kPages * kPageSize, kUtm,         2 * kPageSize, page(1), page(2), page(3), 1,
        2,    byte(4) << 12U,     byte(5) << 8U};
    arguments.epm_size -= byte(6) << 8U;
    arguments.utm_size -= byte(7) << 5U;
    return std::min<std::size_t>(bytes.size(), 8);
  }

  PageWalkArguments arguments{};
  WalkOptions options;
  Bytes memory;
};

// What a walk feeds to the hash, page by page.
class Stream {
 public:
  explicit Stream(const Input& input) : input_(input) {
    for (const std::uint64_t value :
         {input.arguments.runtime_entry, input.arguments.user_entry, input.arguments.untrusted_ptr,
          input.arguments.untrusted_size}) {
      word(value);
    }
  }

  Status page(const WalkedPage& page) {
    const std::uint64_t bits = input_.options.word == Word::bits64 ? 27 : 20;
    const std::uint64_t number = page.virtual_address >> 12U & ((std::uint64_t{1} << bits) - 1);
    KEYSTONE_ASSERT(!last_ || number > *last_);
    KEYSTONE_ASSERT(page.starts_range == (!last_ || number != *last_ + 1));
    KEYSTONE_ASSERT(++pages_ <= kMostPages);
    last_ = number;
    if (page.starts_range) {
      word(page.virtual_address);
    }
    const std::uint64_t at = page.physical_address - kEpm;
    KEYSTONE_ASSERT(fits(at, kPageSize, input_.memory.size()));
    const auto from = input_.memory.begin() + static_cast<std::ptrdiff_t>(at);
    bytes_.insert(bytes_.end(), from, from + kPageSize);
    return {};
  }

  [[nodiscard]] EnclaveHash hash() const { return EnclaveHash(sha3_512(bytes_)->bytes()); }

 private:
  void word(std::uint64_t value) {
    for (std::size_t i = 0; i < size_of(input_.options.word); ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }

  const Input& input_;
  Bytes bytes_;
  std::optional<std::uint64_t> last_;
  std::uint64_t pages_ = 0;
};

}  // namespace

void keystone::fuzz(ByteView bytes) {
  const Input input(bytes);
  const ArraySource source(input.memory);
  RegionMemory memory;
  KEYSTONE_ASSERT(memory.add_bytes(kEpm, source, 0, input.memory.size()));
  Stream stream(input);
  const auto refusal = walk_pages(memory, input.arguments, input.options,
                                  [&](const WalkedPage& page) { return stream.page(page); });
  for (int i = 0; i < 2; ++i) {
    const auto answer = measure_pages(memory, input.arguments, input.options);
    KEYSTONE_ASSERT(answer.has_value() == refusal.has_value());
    if (!answer) {
      KEYSTONE_ASSERT(answer.error().code == refusal.error().code);
    } else if (const auto* const hash = std::get_if<EnclaveHash>(&*answer)) {
      KEYSTONE_ASSERT(!*refusal && *hash == stream.hash());
    } else {
      KEYSTONE_ASSERT(*refusal && (*refusal)->kind == std::get<SmRefusal>(*answer).kind);
    }
  }
}
