// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/number.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

// What the command lines of all programs have in common. CLI11 finds the options and collects their
// values as text; what the text means is read by us.
namespace keystone::cli {

// What every command takes.
struct CommonArguments {
  std::string output;  // empty: standard output
  bool quiet = false;
  bool json = false;  // errors as JSON too
};

// --help or --version: text for standard output.
struct PrintCommand {
  std::string text;
};

// A command line that is wrong.
[[nodiscard]] tl::unexpected<Error> usage(std::string message, std::string hint = {});

// Declares a command: what it does, an example that can be pasted, the exit codes.
CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& sentence,
                      std::string_view example, std::string_view exit_codes);

// Declares the options of every command; --output only for those that have an answer. `spelt` must
// outlive the parse.
void add_common(CLI::App& app, CommonArguments& spelt, bool has_output);

// Parses the line by what `app` declares, and fills what it was declared with. There is a text if
// nothing but help or the version was asked for. Fails with `usage`; an option with an empty value
// fails, too, since it is a shell variable that was never set.
[[nodiscard]] Result<std::optional<PrintCommand>> parse_line(CLI::App& app, int argc,
                                                             const char* const* argv);

// The command that was chosen, without the program's name: `golden add`.
[[nodiscard]] std::string chosen_command(const CLI::App& app);

// The same error; one without a hint gets one that names the chosen command's help.
[[nodiscard]] Error with_help(const CLI::App& app, Error error);

// The number, if `text` is not empty. Fails as parse_unsigned().
[[nodiscard]] Result<std::optional<std::uint64_t>> number_if_given(std::string_view option,
                                                                   const std::string& text,
                                                                   NumberRange range);

// Whether errors are to be JSON: known even where the rest of the line is wrong.
[[nodiscard]] bool wants_json_errors(int argc, const char* const* argv);

}  // namespace keystone::cli
