// SPDX-License-Identifier: Apache-2.0
#include "common/command_line.hpp"

#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include <CLI/CLI.hpp>

namespace keystone::cli {
namespace {

// The command that was chosen, down to the last word.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : chosen(*commands.front());
}

// Its name, from the first word below `top` on.
std::string name_below(const CLI::App* top, const CLI::App& app) {
  if (&app == top) {
    return "";
  }
  const std::string before = name_below(top, *app.get_parent());
  return before.empty() ? app.get_name() : before + " " + app.get_name();
}

Status refuse_empty_values(const CLI::App& command) {
  for (const CLI::Option* const option : command.get_options()) {
    const auto& values = option->results();
    if (std::find(values.begin(), values.end(), "") != values.end()) {
      return usage(option->get_name() + ": got an empty value");
    }
  }
  return {};
}

// CLI11's sentence as a message of ours.
std::string message_of(const CLI::ParseError& problem) {
  std::string text = printable(problem.what(), 300);
  // `FILE is required` names an argument and stays as it is.
  if (text.size() > 1 && std::isupper(static_cast<unsigned char>(text[1])) == 0) {
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  }
  return text;
}

// Whether the words that should be commands are: the near ones are worth more than the help.
Status check_commands(const CLI::App& app, std::span<const char* const> words) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  const std::string word = words.empty() ? "" : words.front();
  if (commands.empty() || word.empty() || word.starts_with("-")) {
    return {};
  }
  std::vector<std::string> names;
  for (const CLI::App* const command : commands) {
    if (command->get_name() == word) {
      return check_commands(*command, words.subspan(1));
    }
    names.push_back(command->get_name());
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  return usage("got '" + printable(word) + "', which is not a command", suggest_names(word, known));
}

}  // namespace

tl::unexpected<Error> usage(std::string message, std::string hint) {
  return fail(ErrorCode::usage, std::move(message), std::move(hint));
}

CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& sentence,
                      std::string_view example, std::string_view exit_codes) {
  CLI::App& app = *parent.add_subcommand(name, sentence);
  app.footer("Example:\n  " + std::string(example) + "\n\n" + std::string(exit_codes));
  return app;
}

void add_common(CLI::App& app, CommonArguments& spelt, bool has_output) {
  if (has_output) {
    app.add_option("-o,--output", spelt.output,
                   "Write the answer to FILE, whole or not at all (default: standard output)")
        ->option_text("FILE");
  }
  app.add_flag("--json", spelt.json, "Answer as JSON; errors are JSON too");
  app.add_flag("-q,--quiet", spelt.quiet, "No notes, warnings or progress");
}

Result<std::optional<PrintCommand>> parse_line(CLI::App& app, int argc, const char* const* argv) {
  const std::span words(argv, static_cast<std::size_t>(argc));
  KEYSTONE_CHECK_OK(check_commands(app, words.subspan(std::min(words.size(), std::size_t{1}))));
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return std::optional(PrintCommand{app.help()});
  } catch (const CLI::CallForVersion& version) {
    return std::optional(PrintCommand{std::string(version.what()) + "\n"});
  } catch (const CLI::ParseError& problem) {
    return fail(with_help(app, Error(ErrorCode::usage, message_of(problem))));
  }
  KEYSTONE_CHECK_OK(refuse_empty_values(chosen(app)));
  return std::optional<PrintCommand>();
}

std::string chosen_command(const CLI::App& app) {
  return name_below(&app, chosen(app));
}

Error with_help(const CLI::App& app, Error error) {
  if (error.hint.empty()) {
    const std::string command = chosen_command(app);
    error.hint = "see " + app.get_name() + (command.empty() ? "" : " " + command) + " --help";
  }
  return error;
}

Result<std::optional<std::uint64_t>> number_if_given(std::string_view option,
                                                     const std::string& text, NumberRange range) {
  if (text.empty()) {
    return std::optional<std::uint64_t>();
  }
  KEYSTONE_TRY(const auto number, parse_unsigned(option, text, range));
  return std::optional(number);
}

bool wants_json_errors(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view next = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--json" || word.starts_with("--json=") || word == "--format=json" ||
        (word == "--format" && next == "json")) {
      return true;
    }
  }
  return false;
}

}  // namespace keystone::cli
