// SPDX-License-Identifier: Apache-2.0
#include "keystone/base/instant.hpp"

#include "keystone/base/text.hpp"

namespace keystone {
namespace {

using namespace std::chrono;

constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";

bool has_shape(std::string_view text) {
  if (text.size() != kShape.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !is_digit : text[i] != kShape[i]) {
      return false;
    }
  }
  return true;
}

unsigned digits_at(std::string_view text, std::size_t offset, std::size_t count) {
  unsigned value = 0;
  for (const char digit : text.substr(offset, count)) {
    value = value * 10 + static_cast<unsigned>(digit - '0');
  }
  return value;
}

void put_digits(std::string& text, std::size_t offset, std::size_t count, unsigned value) {
  for (std::size_t i = offset + count; i-- > offset; value /= 10) {
    text[i] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

Result<Instant> parse_instant(std::string_view field, std::string_view text) {
  if (has_shape(text)) {
    const year_month_day date(year(static_cast<int>(digits_at(text, 0, 4))),
                              month(digits_at(text, 5, 2)), day(digits_at(text, 8, 2)));
    const unsigned h = digits_at(text, 11, 2);
    const unsigned m = digits_at(text, 14, 2);
    const unsigned s = digits_at(text, 17, 2);
    // Unix time has no leap seconds, so a second 60 has no place in it.
    if (date.ok() && date.year() >= year(1970) && h < 24 && m < 60 && s < 60) {
      return sys_days(date) + hours(h) + minutes(m) + seconds(s);
    }
  }
  return fail(ErrorCode::malformed, std::string(field) + ": got '" + printable(text) +
                                        "', want a time like 2026-11-22T20:46:21Z");
}

std::string to_string(Instant instant) {
  if (instant < sys_days(year(1970) / 1 / 1) ||
      instant >= sys_days(year(9999) / 12 / 31) + days(1)) {
    return "@" + std::to_string(instant.time_since_epoch().count());
  }
  const auto days_part = floor<days>(instant);
  const year_month_day date(days_part);
  const hh_mm_ss time(instant - days_part);
  std::string text(kShape);
  put_digits(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 11, 2, static_cast<unsigned>(time.hours().count()));
  put_digits(text, 14, 2, static_cast<unsigned>(time.minutes().count()));
  put_digits(text, 17, 2, static_cast<unsigned>(time.seconds().count()));
  return text;
}

}  // namespace keystone
