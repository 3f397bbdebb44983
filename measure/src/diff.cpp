// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/diff.hpp"

#include "diff_memory.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <tuple>

namespace keystone {
namespace {

using Kind = Difference::Kind;

// Whether the explanation was asked for pages.
bool has_pages(const Explanation& explanation) {
  return explanation.ranges.empty() || !explanation.pages.empty();
}

const MeasuredWord* word_of(const Explanation& explanation, std::string_view name) {
  const auto found = std::find_if(explanation.words.begin(), explanation.words.end(),
                                  [&](const MeasuredWord& word) { return word.name == name; });
  return found == explanation.words.end() ? nullptr : &*found;
}

std::string text_of(const MeasuredWord* word) {
  return word == nullptr ? "" : to_hex_number(word->value);
}

std::string text_of(const MeasuredFunction* function) {
  return function == nullptr ? ""
                             : std::to_string(function->size) + " bytes, " + function->sha256.hex();
}

auto role_and_name(const MeasuredFunction& function) {
  return std::tuple(rank_of(function.role), std::string_view(function.name));
}

// Whether the file of that role is there and names no function: a stripped one.
bool is_nameless(const Explanation& explanation, std::string_view role) {
  const auto has_role = [&](const auto& part) { return part.role == role; };
  return std::any_of(explanation.ranges.begin(), explanation.ranges.end(), has_role) &&
         std::none_of(explanation.functions.begin(), explanation.functions.end(), has_role);
}

// By role and name, those of one name by address; none of a file that is nameless in `other`.
std::vector<const MeasuredFunction*> by_name(const Explanation& explanation,
                                             const Explanation& other) {
  std::vector<const MeasuredFunction*> functions;
  for (const MeasuredFunction& function : explanation.functions) {
    if (!is_nameless(other, function.role)) {
      functions.push_back(&function);
    }
  }
  std::sort(functions.begin(), functions.end(),
            [](const MeasuredFunction* a, const MeasuredFunction* b) {
              return std::tuple(role_and_name(*a), a->address, a->size) <
                     std::tuple(role_and_name(*b), b->address, b->size);
            });
  return functions;
}

// The comparison of two explanations: their differences so far.
class Comparison {
 public:
  Comparison(const Explanation& left, const Explanation& right) : left_(left), right_(right) {}

  Differences run() {
    found_.same_hash = left_.measurement.hash == right_.measurement.hash;
    const ProfileInfo& left = info(left_.measurement.profile);
    const ProfileInfo& right = info(right_.measurement.profile);
    if (left.profile != right.profile) {
      add(Kind::profile, "profile", std::string(left.name), std::string(right.name));
    }
    compare_words();
    const bool with_pages = has_pages(left_) && has_pages(right_);
    if (left.scheme == right.scheme) {
      compare_memory(left_, right_, left.scheme, [&](const MemoryPart& part) {
        if (!part.left || !part.right) {
          add_range(part);
        } else if (with_pages) {
          compare_pages(part);
        }
      });
    }
    if (with_pages) {
      compare_functions();
    }
    return std::move(found_);
  }

 private:
  // Counts a difference; whether it is to be listed, too.
  bool count(Kind kind) {
    return ++found_.counts[static_cast<std::size_t>(kind)] <= Differences::kMaxListed;
  }

  void add(Kind kind, std::string place, std::string left, std::string right) {
    if (count(kind)) {
      found_.list.push_back({kind, std::move(place), std::move(left), std::move(right)});
    }
  }

  void compare_words() {
    for (const MeasuredWord& word : left_.words) {
      const MeasuredWord* const other = word_of(right_, word.name);
      if (other == nullptr || other->value != word.value) {
        add(Kind::word, std::string(word.name), text_of(&word), text_of(other));
      }
    }
    for (const MeasuredWord& word : right_.words) {
      if (word_of(left_, word.name) == nullptr) {
        add(Kind::word, std::string(word.name), "", text_of(&word));
      }
    }
  }

  void add_range(const MemoryPart& part) {
    const std::string size = std::to_string(part.size) + " bytes";
    add(Kind::range, std::string(part.role) + " " + to_hex_number(part.address),
        part.left ? size : "", part.right ? size : "");
  }

  void compare_pages(const MemoryPart& part) {
    for (std::uint64_t i = 0; i < part.size / kPageSize; ++i) {
      const MeasuredPage& left = left_.pages[*part.left + i];
      const MeasuredPage& right = right_.pages[*part.right + i];
      if (left.sha256 != right.sha256 && count(Kind::page)) {
        found_.list.push_back(
            {Kind::page, std::string(part.role) + " " + to_hex_number(part.address + i * kPageSize),
             left.sha256.hex(), right.sha256.hex(), where_of(left)});
      }
    }
  }

  // The names of what a page of the left side holds.
  [[nodiscard]] std::string where_of(const MeasuredPage& page) const {
    const std::string& sections = left_.ranges[page.range].sections;
    const bool has_both = !sections.empty() && !page.symbol.empty();
    return sections + (has_both ? ", " : "") + page.symbol;
  }

  void compare_functions() {
    const auto lefts = by_name(left_, right_);
    const auto rights = by_name(right_, left_);
    auto left = lefts.begin();
    auto right = rights.begin();
    const MeasuredFunction* before = nullptr;
    std::size_t same_name = 0;  // functions of this name so far
    while (left != lefts.end() || right != rights.end()) {
      const bool left_is_next =
          right == rights.end() ||
          (left != lefts.end() && role_and_name(**left) <= role_and_name(**right));
      const bool right_is_next =
          left == lefts.end() ||
          (right != rights.end() && role_and_name(**right) <= role_and_name(**left));
      const MeasuredFunction* const a = left_is_next ? *left++ : nullptr;
      const MeasuredFunction* const b = right_is_next ? *right++ : nullptr;
      const MeasuredFunction* const either = a != nullptr ? a : b;
      const bool is_same = before != nullptr && role_and_name(*before) == role_and_name(*either);
      same_name = is_same ? same_name + 1 : 1;
      before = either;
      add_function(a, b, same_name);
    }
  }

  // Either may be missing; `number`: among those of its name.
  void add_function(const MeasuredFunction* left, const MeasuredFunction* right,
                    std::size_t number) {
    const bool is_same = left != nullptr && right != nullptr && left->size == right->size &&
                         left->sha256 == right->sha256;
    if (is_same || !count(Kind::function)) {
      return;
    }
    const MeasuredFunction& either = left != nullptr ? *left : *right;
    const std::string suffix = number == 1 ? "" : " (" + std::to_string(number) + ")";
    found_.list.push_back({Kind::function, std::string(either.role) + " " + either.name + suffix,
                           text_of(left), text_of(right)});
  }

  const Explanation& left_;
  const Explanation& right_;
  Differences found_{};
};

}  // namespace

std::string_view to_string(Difference::Kind kind) {
  switch (kind) {
    case Kind::profile:
      return "profile";
    case Kind::word:
      return "word";
    case Kind::range:
      return "range";
    case Kind::page:
      return "page";
    case Kind::function:
      return "function";
  }
  KEYSTONE_ASSERT(false);
}

Differences compare(const Explanation& left, const Explanation& right) {
  return Comparison(left, right).run();
}

}  // namespace keystone
