// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keystone {

// Takes a body out of its chunks (RFC 9112, section 7.1), whatever pieces they come in. Holds
// nothing. Extensions and trailers are checked for their characters and dropped.
class ChunkDecoder {
 public:
  enum class Outcome : std::uint8_t {
    wants_more,  // `bytes` is used up
    complete,    // what is left of `bytes` is not the body's
    malformed,
    too_large,  // the body has, or is announced to have, more than `max_body` bytes
  };

  // `max_line`: the most bytes of all extensions of a chunk, and of all trailers.
  explicit ChunkDecoder(std::size_t max_line) : max_line_(max_line) {}

  // Takes what it can off the front of `bytes`, and appends data to `body`.
  [[nodiscard]] Outcome decode(std::string_view& bytes, std::string& body, std::size_t max_body);

 private:
  enum class Expects : std::uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer,  // or the last line, which is empty
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    nothing,
    no_sense,
  };

  [[nodiscard]] Expects after(char c);
  [[nodiscard]] Expects after_size(char c);
  [[nodiscard]] Expects in_line(char c, Expects at_cr);
  void take_data(std::string_view& bytes, std::string& body);

  std::size_t max_line_;
  std::size_t line_ = 0;  // bytes that were dropped
  Expects expects_ = Expects::size;
  unsigned digits_ = 0;     // of the size
  std::uint64_t size_ = 0;  // of the chunk, as far as it is still to come
};

}  // namespace keystone
