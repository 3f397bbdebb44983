// SPDX-License-Identifier: Apache-2.0
#include "named_spans.hpp"

#include "keystone/base/arithmetic.hpp"

#include <algorithm>
#include <tuple>

namespace keystone {
namespace {

// The end may be 2^64, and so no address.
std::uint64_t last_byte_of(const NamedSpans::Span& span) {
  return span.start + (span.size - 1);
}

}  // namespace

NamedSpans::NamedSpans(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.start, b.size, a.name) < std::tie(b.start, a.size, b.name);
  });
  for (Span& span : spans) {
    const bool is_span = span.size != 0 && checked_add(span.start, span.size - 1);
    if (is_span && (spans_.empty() || span.start > last_byte_of(spans_.back()))) {
      spans_.push_back(std::move(span));
    }
  }
}

NamedSpans::Run NamedSpans::meeting(std::uint64_t start, std::uint64_t size) const {
  if (size == 0) {
    return {};
  }
  const std::uint64_t last_byte = start + (size - 1);
  const auto first = std::partition_point(
      spans_.begin(), spans_.end(), [&](const Span& span) { return last_byte_of(span) < start; });
  const auto last = std::partition_point(first, spans_.end(),
                                         [&](const Span& span) { return span.start <= last_byte; });
  return {static_cast<std::size_t>(first - spans_.begin()),
          static_cast<std::size_t>(last - spans_.begin())};
}

std::string_view NamedSpans::covering(std::uint64_t start, std::uint64_t size) const {
  const Run run = meeting(start, size);
  if (run.last - run.first != 1) {
    return {};
  }
  const Span& span = spans_[run.first];
  const bool covers = start >= span.start && fits(start - span.start, size, span.size);
  return covers ? std::string_view(span.name) : std::string_view();
}

}  // namespace keystone
