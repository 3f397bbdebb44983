// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include "keystone/crypto/digest.hpp"
#include "keystone/testing/fails_with.hpp"

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

TEST(CheckText, TakesUtf8) {
  for (const std::string_view text :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "gr\xc3\xb6\xc3\x9f\x65r"}) {
    EXPECT_TRUE(succeeds(check_text("text", text)));
  }
}

// The ill-formed sequences that RFC 3629, sections 3, 4 and 10, warns of.
TEST(CheckText, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\0"sv,
                                      "a\0b"sv,
                                      "\x80"sv,
                                      "\xbf"sv,
                                      "\xc0\x80"sv,
                                      "\xc1\xbf"sv,
                                      "\xc2"sv,
                                      "\xc2\x41"sv,
                                      "\xc2\xc2"sv,
                                      "\xe0\x9f\xbf"sv,
                                      "\xe2\x82"sv,
                                      "\xe2\x82\x41"sv,
                                      "\xed\xa0\x80"sv,
                                      "\xed\xbf\xbf"sv,
                                      "\xf0\x8f\xbf\xbf"sv,
                                      "\xf0\x90\x80"sv,
                                      "\xf4\x90\x80\x80"sv,
                                      "\xf5\x80\x80\x80"sv,
                                      "\xfe"sv,
                                      "\xff"sv}) {
    EXPECT_TRUE(fails_with(check_text("text", text), ErrorCode::malformed, "text: got"));
  }
}

TEST(RowReader, AnswersWhatIsThere) {
  Row row = {std::int64_t{7},  std::int64_t{1}, std::int64_t{-3}, Value(),
             std::string("x"), Blob{1, 2},      Blob(64)};
  std::get<Blob>(row.back()).front() = 9;
  RowReader reader("row", row);
  EXPECT_EQ(reader.number(), 7U);
  EXPECT_TRUE(reader.flag());
  EXPECT_EQ(reader.time(), Instant(std::chrono::seconds(-3)));
  EXPECT_EQ(reader.time_or_none(), std::nullopt);
  EXPECT_EQ(reader.text(), "x");
  EXPECT_EQ(reader.bytes(), (Blob{1, 2}));
  EXPECT_EQ(reader.fixed<Digest512>(), Digest512(std::array<std::uint8_t, 64>{9}));
  EXPECT_TRUE(succeeds(reader.finish()));
}

// Asks `row` for what is not in it.
template <class Ask>
void expect_refused(Row row, const Ask& ask) {
  RowReader reader("row", row);
  ask(reader);
  EXPECT_TRUE(fails_with(reader.finish(), ErrorCode::malformed, "row: column 1: got"));
}

TEST(RowReader, RefusesOtherTypes) {
  const Value number = std::int64_t{2};
  const Value text = std::string("2");
  for (const Value& value : {text, Value(), Value(std::int64_t{-1})}) {
    expect_refused({value}, [](RowReader& row) { EXPECT_EQ(row.number(), 0U); });
  }
  expect_refused({number}, [](RowReader& row) { EXPECT_FALSE(row.flag()); });
  for (const Value& value : {text, Value()}) {
    expect_refused({value}, [](RowReader& row) { EXPECT_EQ(row.time(), Instant()); });
  }
  expect_refused({text}, [](RowReader& row) { EXPECT_TRUE(row.time_or_none()); });
  for (const Value& value : {number, Value(), Value(Blob{})}) {
    expect_refused({value}, [](RowReader& row) { EXPECT_EQ(row.text(), ""); });
  }
  for (const Value& value : {number, Value(), text}) {
    expect_refused({value}, [](RowReader& row) { EXPECT_EQ(row.bytes(), Blob{}); });
  }
  for (const std::size_t size : {0U, 63U, 65U}) {
    expect_refused({Value(Blob(size))}, [](RowReader& row) {
      EXPECT_EQ(row.fixed<Digest512>(), Digest512(std::array<std::uint8_t, 64>{}));
    });
  }
}

TEST(RowReader, RefusesRowsThatAreShorterOrLonger) {
  Row row = {std::int64_t{1}, std::int64_t{2}};
  RowReader asks_less("row", row);
  EXPECT_EQ(asks_less.number(), 1U);
  EXPECT_TRUE(fails_with(asks_less.finish(), ErrorCode::malformed, "2 columns"));
  RowReader asks_more("row", row);
  for (int i = 0; i < 3; ++i) {
    (void)asks_more.number();
  }
  EXPECT_TRUE(fails_with(asks_more.finish(), ErrorCode::malformed));
}

TEST(RowReader, CountsOneRowOnly) {
  Rows rows;
  EXPECT_TRUE(fails_with(single_number("count", rows), ErrorCode::malformed, "0 rows"));
  rows.rows = {{std::int64_t{4}}};
  EXPECT_EQ(single_number("count", rows), 4U);
  rows.rows = {{std::int64_t{4}}, {std::int64_t{5}}};
  EXPECT_TRUE(fails_with(single_number("count", rows), ErrorCode::malformed, "2 rows"));
}

}  // namespace
}  // namespace keystone::server
