// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/explain.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Why two enclaves have different hashes.
namespace keystone {

// One difference, for people and for programs.
struct Difference {
  enum class Kind : std::uint8_t {
    profile,   // measured in different ways
    word,      // a number that is measured
    range,     // memory that only one has: the part by which it begins or ends elsewhere
    page,      // the bytes of a page that both have
    function,  // the bytes or the size of a function, or one that only one has
  };
  Kind kind;
  // `profile`, `untrusted_size`, `eapp 0x10000`, `eapp main`: role first where there is one. A
  // second function of that name is `eapp main (2)`.
  std::string place;
  // What each side has; empty: nothing. Profiles have names, words are 0x and hex digits, ranges
  // are `8192 bytes`, pages a SHA-256, functions `62 bytes, ` and a SHA-256.
  std::string left;
  std::string right;
  // Of a page: its sections and the function that spans it, as the left side names them; may be
  // empty.
  std::string where{};
};

[[nodiscard]] std::string_view to_string(Difference::Kind kind);

struct Differences {
  bool same_hash;  // different profiles may well measure alike
  // What is measured first comes first: profile, words, then ranges and pages by address; functions
  // last, by role and name. At most kMaxListed of each kind.
  static constexpr std::size_t kMaxListed = 1000;
  std::vector<Difference> list;
  // How many there are of each kind, listed or not, by the number of the kind.
  std::array<std::uint64_t, 5> counts;
};

// Which memory of the two belongs together: in the page walk, what has the same virtual address,
// whosever it is; in the loader scheme, what has the same offset in the same role, so that a larger
// loader does not make all pages behind it differ (the place names that offset). Between the two
// schemes, memory is not compared. Functions belong together by role and name, several of one name
// in the order of their addresses; where the file of one side names none, such as a stripped one,
// those of the other are not compared.
// Both need pages (ExplainOptions) for differences of pages and functions to be found.
[[nodiscard]] Differences compare(const Explanation& left, const Explanation& right);

}  // namespace keystone
