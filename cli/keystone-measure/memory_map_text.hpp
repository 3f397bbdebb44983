// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/explain.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Words for the pictures of an enclave.
namespace keystone::cli {

// Any bytes as text of HTML and of XML, in an element or in a quoted attribute. U+FFFD stands for
// what is not UTF-8, for control characters, and for characters that cannot be seen or that turn
// the direction of text around.
[[nodiscard]] std::string markup(std::string_view text);

// A number of bytes in the largest unit that it has one of: `12 KiB`, or `about 1.5 KiB`.
[[nodiscard]] std::string binary_size(std::uint64_t bytes);

// Where a range lies and where its bytes come from, in a line. Not markup.
[[nodiscard]] std::string describe(const MeasuredRange& range);

// What MeasuredRange::address is in the profile: "address" or "offset".
[[nodiscard]] std::string_view address_name(Profile profile);

// What the zeros of a kind are, for people; empty for Zeros::none.
[[nodiscard]] std::string_view explain_zeros(Zeros zeros);

}  // namespace keystone::cli
