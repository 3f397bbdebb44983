// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/instant.hpp"
#include "store/database.hpp"

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace keystone::server {

// Values for parameters. Numbers of ours stay below 2^63: they count what was written.
[[nodiscard]] Value value_of(std::uint64_t number);
[[nodiscard]] Value value_of(Instant time);
[[nodiscard]] Value value_of(const std::optional<Instant>& time);
[[nodiscard]] Value value_of(ByteView bytes);
[[nodiscard]] Value value_of(const std::string& text);
Value value_of(const char*) = delete;

// Whether both backends keep a text as it is: UTF-8 (RFC 3629) without a zero byte. `malformed`,
// naming `field`.
[[nodiscard]] Status check_text(std::string_view field, std::string_view text);

struct NamedText {
  std::string_view field;
  std::string_view text;
};
[[nodiscard]] Status check_texts(std::initializer_list<NamedText> texts);

// The first column of the only row there is, a number.
[[nodiscard]] Result<std::uint64_t> single_number(std::string_view what, Rows& rows);

// One row, column after column. What is not of the type asked for is a mark of a damaged database:
// then a value that means nothing is answered, and finish() fails.
class RowReader {
 public:
  // `what` names the row in the Error, which lives at least as long as this object.
  RowReader(std::string_view what, Row& row) : what_(what), row_(row) {}

  [[nodiscard]] std::uint64_t number();
  [[nodiscard]] bool flag();
  [[nodiscard]] Instant time();
  [[nodiscard]] std::optional<Instant> time_or_none();
  [[nodiscard]] std::string text();
  [[nodiscard]] Blob bytes();

  // A FixedBytes; zeros if it has another size.
  template <class Fixed>
  [[nodiscard]] Fixed fixed() {
    const Blob read = bytes();
    const auto value = Fixed::from("", read);
    return value ? *value : Fixed(*refuse_size<Fixed::kSize>(read.size()));
  }

  // `malformed` unless every column was asked for, and had its type.
  [[nodiscard]] Status finish();

 private:
  template <std::size_t N>
  const std::array<std::uint8_t, N>* refuse_size(std::size_t got) {
    static constexpr std::array<std::uint8_t, N> kZeros{};
    refuse(std::to_string(got) + " bytes, want " + std::to_string(N));
    return &kZeros;
  }
  [[nodiscard]] Value next();
  void refuse(const std::string& got_and_want);

  std::string_view what_;
  Row& row_;
  std::size_t column_ = 0;
  std::optional<Error> error_;
};

// Each row as `read` makes a T of it, with a RowReader: `malformed` if one of them cannot be read.
template <class T, class Read>
[[nodiscard]] Result<std::vector<T>> read_all(std::string_view what, Rows& rows, const Read& read) {
  std::vector<T> all;
  all.reserve(rows.rows.size());
  for (Row& row : rows.rows) {
    RowReader reader(what, row);
    all.push_back(read(reader));
    KEYSTONE_CHECK_OK(reader.finish());
  }
  return all;
}

// The same for a row that there is at most one of.
template <class T, class Read>
[[nodiscard]] Result<std::optional<T>> read_one(std::string_view what, Rows& rows,
                                                const Read& read) {
  KEYSTONE_TRY(auto all, read_all<T>(what, rows, read));
  if (all.empty()) {
    return std::nullopt;
  }
  return std::move(all.front());
}

}  // namespace keystone::server
