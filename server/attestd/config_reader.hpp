// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/json.hpp"
#include "keystone/base/suggest.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

// Members of a configuration that may be absent: then what they would set stays as it is. Each
// fails with `malformed` and the path of the place.
namespace keystone::server::attestd {

// The same error as one of the file: what a parser of command lines calls `usage`.
[[nodiscard]] inline Error of_file(Error error) {
  error.code = error.code == ErrorCode::usage ? ErrorCode::malformed : error.code;
  return error;
}

template <class Number>
concept Counted = std::unsigned_integral<Number> && !std::same_as<Number, bool>;

template <class Number>
requires Counted<Number>
[[nodiscard]] Status read_if_there(const JsonObject& object, std::string_view key,
                                   NumberRange range, Number& out) {
  if (object.has(key)) {
    KEYSTONE_TRY(const auto value, object.unsigned_at(key, range));
    out = static_cast<Number>(value);
  }
  return {};
}

template <class Tick, class Period>
[[nodiscard]] Status read_if_there(const JsonObject& object, std::string_view key,
                                   NumberRange range, std::chrono::duration<Tick, Period>& out) {
  if (object.has(key)) {
    KEYSTONE_TRY(const auto value, object.unsigned_at(key, range));
    out = std::chrono::duration<Tick, Period>(static_cast<Tick>(value));
  }
  return {};
}

[[nodiscard]] inline Status read_if_there(const JsonObject& object, std::string_view key,
                                          bool& out) {
  if (object.has(key)) {
    KEYSTONE_TRY(out, object.bool_at(key));
  }
  return {};
}

// One of `words`, in the order of the enumerators.
template <class Word>
requires std::is_enum_v<Word>
[[nodiscard]] Status read_if_there(const JsonObject& object, std::string_view key,
                                   std::span<const std::string_view> words, Word& out) {
  if (object.has(key)) {
    KEYSTONE_TRY(const auto text, object.string_at(key));
    const auto index = index_of_name(object.path_of(key), text, words);
    if (!index) {
      return fail(of_file(index.error()));
    }
    out = static_cast<Word>(*index);
  }
  return {};
}

// Reads the section `key`, if it is there, by `read`, and refuses what nobody asked for.
template <class Read>
[[nodiscard]] Status read_section(const JsonObject& object, std::string_view key,
                                  const Read& read) {
  if (!object.has(key)) {
    return {};
  }
  KEYSTONE_TRY(const auto section, object.object_at(key));
  KEYSTONE_CHECK_OK(read(section));
  return section.no_others();
}

// A text that is not empty and has no control characters.
[[nodiscard]] Result<std::string> plain_text_at(const JsonObject& object, std::string_view key,
                                                std::size_t most);

// A path; a relative one is one of `folder`.
[[nodiscard]] Result<std::string> path_at(const JsonObject& object, std::string_view key,
                                          const std::string& folder);

}  // namespace keystone::server::attestd
