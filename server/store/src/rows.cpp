// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include "keystone/base/arithmetic.hpp"

#include <array>

namespace keystone::server {
namespace {

// The length of the well-formed sequence at the start of `text` (RFC 3629, section 4), or 0. A zero
// byte is not one here.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return lead == 0 ? 0 : 1;
  }
  const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead > 0xf4 || length == 0 || text.size() < length) {
    return 0;
  }
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) {
      return 0;
    }
  }
  return length;
}

// Nearly every text. Looked at to the end, and summed up in a byte: that becomes vector
// instructions, where a way out of the loop would not.
bool is_ascii(std::string_view text) {
  unsigned char other = 0;
  for (const char c : text) {
    other |= static_cast<unsigned char>(static_cast<signed char>(c) <= 0);
  }
  return other == 0;
}

}  // namespace

Value value_of(std::uint64_t number) {
  return narrow<std::int64_t>(number);
}

Value value_of(Instant time) {
  return std::int64_t{time.time_since_epoch().count()};
}

Value value_of(const std::optional<Instant>& time) {
  return time ? value_of(*time) : Value();
}

Value value_of(ByteView bytes) {
  return Blob(bytes.begin(), bytes.end());
}

Value value_of(const std::string& text) {
  return text;
}

Status check_text(std::string_view field, std::string_view text) {
  if (is_ascii(text)) {
    return {};
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text.substr(at));
    if (length == 0) {
      return fail(ErrorCode::malformed, std::string(field) + ": got a text that is not UTF-8 at " +
                                            "byte " + std::to_string(at) +
                                            ", want UTF-8 without a zero byte");
    }
    at += length;
  }
  return {};
}

Status check_texts(std::initializer_list<NamedText> texts) {
  for (const auto& [field, text] : texts) {
    KEYSTONE_CHECK_OK(check_text(field, text));
  }
  return {};
}

Result<std::uint64_t> single_number(std::string_view what, Rows& rows) {
  const auto read = [](RowReader& row) { return row.number(); };
  KEYSTONE_TRY(const auto all, read_all<std::uint64_t>(what, rows, read));
  if (all.size() != 1) {
    return fail(ErrorCode::malformed, "store: " + std::string(what) + ": got " +
                                          std::to_string(all.size()) + " rows, want 1");
  }
  return all.front();
}

Value RowReader::next() {
  return column_ < row_.size() ? std::move(row_[column_++]) : Value();
}

void RowReader::refuse(const std::string& got_and_want) {
  if (!error_) {
    error_ = Error(ErrorCode::malformed, "store: " + std::string(what_) + ": column " +
                                             std::to_string(column_) + ": got " + got_and_want);
  }
}

std::uint64_t RowReader::number() {
  const Value value = next();
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < 0) {
    refuse("something else, want a number");
    return 0;
  }
  return static_cast<std::uint64_t>(*number);
}

bool RowReader::flag() {
  const std::uint64_t value = number();
  if (value > 1) {
    refuse(std::to_string(value) + ", want 0 or 1");
  }
  return value == 1;
}

Instant RowReader::time() {
  const auto time = time_or_none();
  if (!time) {
    refuse("nothing, want a time");
  }
  return time.value_or(Instant());
}

std::optional<Instant> RowReader::time_or_none() {
  const Value value = next();
  if (std::holds_alternative<std::monostate>(value)) {
    return std::nullopt;
  }
  const auto* seconds = std::get_if<std::int64_t>(&value);
  if (seconds == nullptr) {
    refuse("something else, want a time");
    return Instant();
  }
  return Instant(std::chrono::seconds(*seconds));
}

std::string RowReader::text() {
  Value value = next();
  auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    refuse("something else, want a text");
    return {};
  }
  return std::move(*text);
}

Blob RowReader::bytes() {
  Value value = next();
  auto* bytes = std::get_if<Blob>(&value);
  if (bytes == nullptr) {
    refuse("something else, want bytes");
    return {};
  }
  return std::move(*bytes);
}

Status RowReader::finish() {
  if (!error_ && column_ != row_.size()) {
    refuse(std::to_string(row_.size()) + " columns, want as many as are asked for");
  }
  if (error_) {
    return fail(*std::move(error_));
  }
  return {};
}

}  // namespace keystone::server
