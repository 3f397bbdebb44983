// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/http_chunks.hpp"

#include "keystone/base/http_text.hpp"

#include <algorithm>

namespace keystone {
namespace {

constexpr unsigned kMostDigits = 16;  // of a size: 64 bits

constexpr int hex_value(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

ChunkDecoder::Outcome ChunkDecoder::decode(std::string_view& bytes, std::string& body,
                                           std::size_t max_body) {
  while (!bytes.empty() && expects_ != Expects::nothing) {
    if (expects_ == Expects::data) {
      take_data(bytes, body);
      continue;
    }
    expects_ = after(bytes.front());
    bytes.remove_prefix(1);
    if (expects_ == Expects::no_sense) {
      return Outcome::malformed;
    }
    if (expects_ == Expects::data && size_ > max_body - std::min(max_body, body.size())) {
      return Outcome::too_large;
    }
  }
  return expects_ == Expects::nothing ? Outcome::complete : Outcome::wants_more;
}

void ChunkDecoder::take_data(std::string_view& bytes, std::string& body) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size()));
  body.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  size_ -= count;
  if (size_ == 0) {
    expects_ = Expects::data_cr;
  }
}

ChunkDecoder::Expects ChunkDecoder::after(char c) {
  const auto only = [c](char wanted, Expects next) {
    return c == wanted ? next : Expects::no_sense;
  };
  switch (expects_) {
    case Expects::size:
      return after_size(c);
    case Expects::extension:
      return in_line(c, Expects::size_lf);
    case Expects::size_lf:
      line_ = 0;
      digits_ = 0;
      return only('\n', size_ == 0 ? Expects::trailer : Expects::data);
    case Expects::data_cr:
      return only('\r', Expects::data_lf);
    case Expects::data_lf:
      return only('\n', Expects::size);
    case Expects::trailer:
      return is_token_character(c) && ++line_ <= max_line_ ? Expects::trailer_name
                                                           : only('\r', Expects::last_lf);
    case Expects::trailer_name:
      return is_token_character(c) && ++line_ <= max_line_ ? Expects::trailer_name
                                                           : only(':', Expects::trailer_value);
    case Expects::trailer_value:
      return in_line(c, Expects::trailer_lf);
    case Expects::trailer_lf:
      return only('\n', Expects::trailer);
    case Expects::last_lf:
      return only('\n', Expects::nothing);
    case Expects::data:
    case Expects::nothing:
    case Expects::no_sense:
      break;
  }
  return Expects::no_sense;
}

ChunkDecoder::Expects ChunkDecoder::after_size(char c) {
  const int value = hex_value(c);
  if (value >= 0 && digits_ < kMostDigits) {
    ++digits_;
    size_ = size_ << 4U | static_cast<std::uint64_t>(value);
    return Expects::size;
  }
  if (digits_ == 0 || value >= 0) {
    return Expects::no_sense;
  }
  if (c == ';') {
    return Expects::extension;
  }
  return c == '\r' ? Expects::size_lf : Expects::no_sense;
}

ChunkDecoder::Expects ChunkDecoder::in_line(char c, Expects at_cr) {
  if (c == '\r') {
    return at_cr;
  }
  const bool is_text = !is_control(c) || c == '\t';
  return is_text && ++line_ <= max_line_ ? expects_ : Expects::no_sense;
}

}  // namespace keystone
