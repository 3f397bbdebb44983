// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

// Where an answer goes: to standard output if its path is empty or `-`, else to that file.
namespace keystone::cli {

// Writes it: a file as a whole or not at all. Fails with `unwritable`.
[[nodiscard]] Status write_answer(const std::string& path, std::string_view answer);

// `usage` if the answer would take the place of one of the files that it is about: that is a slip
// of the fingers. `option`: which one has the path.
[[nodiscard]] Status refuse_overwriting(const std::string& path,
                                        const std::vector<std::string>& inputs,
                                        std::string_view option = "--output");

// Whether it is shown on a terminal.
[[nodiscard]] bool goes_to_terminal(const std::string& path);

// Whether it may have colours: on a terminal that knows them, and unless NO_COLOR is set to
// anything (no-color.org).
[[nodiscard]] bool may_have_colours(const std::string& path);

}  // namespace keystone::cli
