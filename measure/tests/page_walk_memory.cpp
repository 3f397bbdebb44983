// SPDX-License-Identifier: Apache-2.0
#include "page_walk_memory.hpp"

#include <algorithm>
#include <stdexcept>

namespace keystone::testing {
namespace {

constexpr std::size_t kPage = 4096;

unsigned index_bits(Word word) {
  return word == Word::bits64 ? 9 : 10;
}

}  // namespace

HandMadeEnclave::HandMadeEnclave(Word word, std::size_t pages)
    : arguments{kEpm,           pages * kPage, kUtm,    2 * kPage,  epm(8), epm(16),
                epm(pages - 4), 0xc0000000,    0x10000, 0x70000000, 0x2000},
      epm_(8 * kPage),
      utm_(noise("untrusted", 2 * kPage)) {
  options.word = word;
  const Bytes contents = noise("private", (pages - 8) * kPage);
  epm_.insert(epm_.end(), contents.begin(), contents.end());
}

void HandMadeEnclave::set(std::size_t table, std::size_t index, std::uint64_t value) {
  const Bytes bytes = le(value, size_of(options.word));
  const std::size_t at = table * kPage + index * bytes.size();
  std::copy(bytes.begin(), bytes.end(), epm_.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint64_t HandMadeEnclave::get(std::size_t table, std::size_t index) const {
  const std::size_t size = size_of(options.word);
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8U | epm_[table * kPage + index * size + i];
  }
  return value;
}

void HandMadeEnclave::map(std::uint64_t address, const std::vector<std::uint64_t>& physical) {
  const unsigned bits = index_bits(options.word);
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (const std::uint64_t page : physical) {
    std::size_t table = 0;
    for (unsigned level = options.word == Word::bits64 ? 2 : 1; level > 0; --level) {
      const auto index = static_cast<std::size_t>(address >> (12 + bits * level) & mask);
      if (get(table, index) == 0) {
        set(table, index, entry(epm(next_table_++), 1));
      }
      table = static_cast<std::size_t>(((get(table, index) >> 10U << 12U) - kEpm) / kPage);
    }
    set(table, static_cast<std::size_t>(address >> 12U & mask), entry(page));
    address += kPage;
  }
}

Bytes HandMadeEnclave::content(std::uint64_t physical) const {
  const Bytes& memory = physical >= kUtm ? utm_ : epm_;
  const auto at = static_cast<std::ptrdiff_t>(physical - (physical >= kUtm ? kUtm : kEpm));
  return {memory.begin() + at, memory.begin() + at + kPage};
}

void HandMadeEnclave::put(std::uint64_t physical, const Bytes& page) {
  std::copy(page.begin(), page.end(), epm_.begin() + static_cast<std::ptrdiff_t>(physical - kEpm));
}

Bytes HandMadeEnclave::words() const {
  const std::size_t size = size_of(options.word);
  return concat({le(arguments.runtime_entry, size), le(arguments.user_entry, size),
                 le(arguments.untrusted_ptr, size), le(arguments.untrusted_size, size)});
}

Bytes HandMadeEnclave::range(std::uint64_t address,
                             const std::vector<std::uint64_t>& physical) const {
  Bytes bytes = le(address, size_of(options.word));
  for (const std::uint64_t page : physical) {
    bytes = concat({bytes, content(page)});
  }
  return bytes;
}

HashOrRefusal HandMadeEnclave::measure() const {
  const ArraySource epm_source(epm_);
  const ArraySource utm_source(utm_);
  RegionMemory memory;
  KEYSTONE_CHECK_OK(memory.add_bytes(kEpm, epm_source, 0, epm_.size()));
  KEYSTONE_CHECK_OK(memory.add_bytes(kUtm, utm_source, 0, utm_.size()));
  return measure_pages(memory, arguments, options);
}

Result<std::optional<SmRefusal>> HandMadeEnclave::walk(const PageVisitor& visit) const {
  const ArraySource epm_source(epm_);
  RegionMemory memory;
  KEYSTONE_CHECK_OK(memory.add_bytes(kEpm, epm_source, 0, epm_.size()));
  return walk_pages(memory, arguments, options, visit);
}

::testing::AssertionResult hashes(const HashOrRefusal& answer, const Bytes& stream) {
  if (!answer) {
    return ::testing::AssertionFailure() << answer.error().message;
  }
  if (const auto* const refusal = std::get_if<SmRefusal>(&*answer)) {
    return ::testing::AssertionFailure() << "refused: " << refusal->why;
  }
  const std::string hash = std::get<EnclaveHash>(*answer).hex();
  if (hash != independent_sha3_512(stream)) {
    return ::testing::AssertionFailure() << "got the hash " << hash << " of another stream";
  }
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult takes(const HashOrRefusal& answer) {
  if (answer && std::holds_alternative<EnclaveHash>(*answer)) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << (answer ? std::get<SmRefusal>(*answer).why : answer.error().message);
}

::testing::AssertionResult refuses(const HashOrRefusal& answer, SmRefusal::Kind kind,
                                   std::string_view fact) {
  if (!answer) {
    return ::testing::AssertionFailure() << answer.error().message;
  }
  const auto* const refusal = std::get_if<SmRefusal>(&*answer);
  if (refusal == nullptr) {
    return ::testing::AssertionFailure() << "the monitor takes it";
  }
  if (refusal->kind != kind || refusal->why.find(fact) == std::string::npos) {
    return ::testing::AssertionFailure() << "refused: " << refusal->why;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace keystone::testing
