// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/explained.hpp"

#include <string>

// An explained enclave for people. Every function here is a pure one; whatever the files say of
// themselves (names of sections, functions and files) is shown as text and nothing else.
namespace keystone::cli {

// The measured stream as a table, and what is not measured; with a line for each page, where the
// explanation has pages.
[[nodiscard]] std::string explain_text(const ExplainedEnclave& enclave);

// One self-contained page, which loads nothing: the memory map to scale, the table, and for each
// page under the pointer where it comes from. Holds the transcript (transcript.hpp) as data.
[[nodiscard]] std::string explain_html(const ExplainedEnclave& enclave);

// The memory map alone, as a picture for documents (SVG 1.1).
[[nodiscard]] std::string explain_svg(const ExplainedEnclave& enclave);

}  // namespace keystone::cli
