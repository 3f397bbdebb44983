// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keystone {

// Names for spans of a file or of memory, found by binary search. Spans that overlap are of damaged
// or hostile tables; but one of them is kept, so that no place has more names than its bytes.
class NamedSpans {
 public:
  struct Span {
    std::uint64_t start;
    std::uint64_t size;  // not 0
    std::string name;
  };

  // Some of the spans, by number: [first, last).
  struct Run {
    std::size_t first = 0;
    std::size_t last = 0;

    friend bool operator==(const Run&, const Run&) = default;
  };

  NamedSpans() = default;

  // Of two spans that overlap, the one that starts first is kept; of those that start together, the
  // largest; of equal ones, the first by name. A span that is empty or wraps around is left out.
  explicit NamedSpans(std::vector<Span> spans);

  // Those that share a byte with [start, start + size).
  [[nodiscard]] Run meeting(std::uint64_t start, std::uint64_t size) const;

  // The name of the one that has all of [start, start + size), which is not empty; empty if none
  // has.
  [[nodiscard]] std::string_view covering(std::uint64_t start, std::uint64_t size) const;

  [[nodiscard]] std::string_view name(std::size_t number) const { return spans_[number].name; }

 private:
  std::vector<Span> spans_;  // by start, apart from each other
};

}  // namespace keystone
