// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/arguments.hpp"

#include "keystone-measure/spelling.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <thread>

#include <CLI/CLI.hpp>

namespace keystone::cli {
namespace {

constexpr unsigned kMostJobs = 256;

tl::unexpected<Error> usage(std::string message, std::string hint = {}) {
  return fail(ErrorCode::usage, std::move(message), std::move(hint));
}

CommonArguments common_arguments(const Spelling& spelt) {
  return {spelt.output, spelt.quiet, spelt.json};
}

Status require(std::string_view option, const std::string& value) {
  if (value.empty()) {
    return usage(std::string(option) + ": missing");
  }
  return {};
}

Result<EnclaveRequest> enclave_request(const Spelling& spelt) {
  KEYSTONE_CHECK_OK(require("--eapp", spelt.eapp));
  KEYSTONE_CHECK_OK(require("--runtime", spelt.runtime));
  KEYSTONE_CHECK_OK(require("--loader", spelt.loader));
  const auto from_stdin = (spelt.eapp == "-") + (spelt.runtime == "-") + (spelt.loader == "-");
  if (from_stdin > 1) {
    return usage("standard input can be one of the inputs only");
  }
  EnclaveRequest request{spelt.eapp, spelt.runtime, spelt.loader, kDefaultProfile,
                         spelt.loader_raw};
  if (!spelt.profile.empty()) {
    KEYSTONE_TRY(request.profile, profile_from_name(spelt.profile));
  }
  return request;
}

Result<std::optional<std::uint64_t>> number_if_given(std::string_view option,
                                                     const std::string& text, NumberRange range) {
  if (text.empty()) {
    return std::optional<std::uint64_t>();
  }
  KEYSTONE_TRY(const auto number, parse_unsigned(option, text, range));
  return std::optional(number);
}

Result<SmRequest> sm_request(const Spelling& spelt) {
  SmRequest request{spelt.image, {}, {}, {}, {}};
  KEYSTONE_TRY(request.base, number_if_given("--base", spelt.base, {}));
  KEYSTONE_TRY(request.size, number_if_given("--size", spelt.size, {1, kMaxSmWindow}));
  KEYSTONE_TRY(const auto fill, number_if_given("--fill", spelt.fill, {0, 255}));
  if (fill) {
    request.fill = static_cast<std::uint8_t>(*fill);
  }
  if (!spelt.platform.empty()) {
    request.platform = spelt.platform;
  } else if (!request.base && !request.size) {
    request.platform = platforms().front().name;
  }
  // The window is resolved again where it is measured; here, a bad one is known before files are.
  KEYSTONE_CHECK_OK(resolve_window({request.platform, request.base, request.size, request.fill}));
  return request;
}

// The format that was asked for, by name or with --json.
template <class F>
Result<F> chosen_format(const Spelling& spelt, Result<F> (*from_name)(std::string_view),
                        F otherwise) {
  if (spelt.format.empty()) {
    return spelt.json ? F::json : otherwise;
  }
  KEYSTONE_TRY(const auto format, from_name(spelt.format));
  if (spelt.json && format != F::json) {
    return usage("--json and --format " + printable(spelt.format) + ": choose one");
  }
  return format;
}

Result<Command> enclave_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, enclave_request(spelt));
  KEYSTONE_TRY(const auto format, chosen_format(spelt, format_from_name, Format::hex));
  return EnclaveCommand{common_arguments(spelt), std::move(request), format};
}

Result<Command> sm_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, sm_request(spelt));
  KEYSTONE_TRY(const auto format, chosen_format(spelt, format_from_name, Format::hex));
  return SmCommand{common_arguments(spelt), std::move(request), format};
}

GoldenArguments golden_arguments(const Spelling& spelt) {
  return {common_arguments(spelt), spelt.golden, spelt.allow_outside};
}

Result<Command> golden_add_command(const Spelling& spelt) {
  const bool any_enclave = !spelt.eapp.empty() || !spelt.runtime.empty() || !spelt.loader.empty() ||
                           !spelt.profile.empty() || spelt.loader_raw;
  const bool any_window =
      !spelt.platform.empty() || !spelt.base.empty() || !spelt.size.empty() || !spelt.fill.empty();
  const bool is_sm = !spelt.image.empty();
  if (is_sm == any_enclave || (any_window && !is_sm)) {
    return usage("an entry is an enclave (--eapp, --runtime, --loader) or a firmware (--sm)");
  }
  GoldenAddCommand command{golden_arguments(spelt), spelt.name, {}};
  if (is_sm) {
    KEYSTONE_TRY(command.request, sm_request(spelt));
  } else {
    KEYSTONE_TRY(command.request, enclave_request(spelt));
  }
  return command;
}

Result<Command> golden_check_command(const Spelling& spelt) {
  KEYSTONE_TRY(const auto format, chosen_format(spelt, check_format_from_name, CheckFormat::text));
  KEYSTONE_TRY(const auto jobs, number_if_given("--jobs", spelt.jobs, {1, kMostJobs}));
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostJobs);
  return GoldenCheckCommand{golden_arguments(spelt), format,
                            static_cast<unsigned>(jobs.value_or(cores))};
}

Result<Command> command_of(const CLI::App& app, const Spelling& spelt) {
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "enclave") {
    return enclave_command(spelt);
  }
  if (name == "sm") {
    return sm_command(spelt);
  }
  if (name == "profiles") {
    return ProfilesCommand{common_arguments(spelt)};
  }
  if (name == "platforms") {
    return PlatformsCommand{common_arguments(spelt)};
  }
  const std::string golden = app.get_subcommands().front()->get_subcommands().front()->get_name();
  if (golden == "add") {
    return golden_add_command(spelt);
  }
  if (golden == "remove") {
    return GoldenRemoveCommand{golden_arguments(spelt), spelt.name};
  }
  if (golden == "update") {
    return GoldenUpdateCommand{golden_arguments(spelt)};
  }
  return golden_check_command(spelt);
}

// The command that was chosen, down to the last word: `golden add`.
const CLI::App& chosen(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : chosen(*commands.front());
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + " " + app.get_name();
}

// An option with an empty value is a shell variable that was never set.
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

Result<Command> read_arguments(int argc, const char* const* argv) {
  CLI::App app("", "keystone-measure");
  Spelling spelt;
  declare_options(app, spelt);
  const std::span words(argv, static_cast<std::size_t>(argc));
  KEYSTONE_CHECK_OK(check_commands(app, words.subspan(std::min(words.size(), std::size_t{1}))));
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintCommand{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return PrintCommand{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& problem) {
    return usage(message_of(problem), "see " + full_name(chosen(app)) + " --help");
  }
  KEYSTONE_CHECK_OK(refuse_empty_values(chosen(app)));
  auto command = command_of(app, spelt);
  if (!command && command.error().hint.empty()) {
    return usage(command.error().message, "see " + full_name(chosen(app)) + " --help");
  }
  return command;
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
