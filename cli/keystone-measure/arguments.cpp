// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/arguments.hpp"

#include "keystone-measure/enclave_arguments.hpp"
#include "keystone-measure/spelling.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/measure/diff.hpp"

#include <algorithm>
#include <thread>

#include <CLI/CLI.hpp>

namespace keystone::cli {
namespace {

constexpr unsigned kMostJobs = 256;
constexpr std::size_t kDefaultListed = 20;
constexpr std::uint64_t kDefaultTimeLimit = 600;  // seconds
Result<Command> image_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, enclave_request(spelt));
  const bool is_narrow = info(request.profile).word == Word::bits32;
  const std::uint64_t most = is_narrow ? UINT32_MAX : UINT64_MAX;
  KEYSTONE_TRY(const auto base, number_if_given("--base", spelt.base, {0, most}));
  request.placement.epm_base = base.value_or(request.placement.epm_base);
  KEYSTONE_TRY(request.placement.epm_size, number_if_given("--size", spelt.size, {1, most}));
  KEYSTONE_TRY(request.placement.utm_base,
               number_if_given("--utm-base", spelt.utm_base, {0, most}));
  if (!spelt.map && spelt.common.output.empty()) {
    return usage("nothing to do: an image needs --output, and --map prints the arguments");
  }
  if (spelt.map && spelt.common.output == "-") {
    return usage("--map and the image cannot both go to standard output");
  }
  return ImageCommand{spelt.common, std::move(request), spelt.map};
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
    return spelt.common.json ? F::json : otherwise;
  }
  KEYSTONE_TRY(const auto format, from_name(spelt.format));
  if (spelt.common.json && format != F::json) {
    return usage("--json and --format " + printable(spelt.format) + ": choose one");
  }
  return format;
}

Result<Command> enclave_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, enclave_request(spelt));
  KEYSTONE_TRY(const auto format, chosen_format(spelt, format_from_name, Format::hex));
  return EnclaveCommand{spelt.common, std::move(request), format};
}

Result<Command> sm_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, sm_request(spelt));
  KEYSTONE_TRY(const auto format, chosen_format(spelt, format_from_name, Format::hex));
  return SmCommand{spelt.common, std::move(request), format};
}

GoldenArguments golden_arguments(const Spelling& spelt) {
  return {spelt.common, spelt.golden, spelt.allow_outside};
}

Result<Command> explain_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto request, enclave_request(spelt));
  return ExplainCommand{spelt.common, std::move(request), spelt.pages, spelt.html, spelt.svg};
}

Result<Command> diff_command(const Spelling& spelt) {
  KEYSTONE_TRY(auto left, diff_source(spelt.left));
  KEYSTONE_TRY(auto right, diff_source(spelt.right));
  KEYSTONE_TRY(const auto limit,
               number_if_given("--limit", spelt.limit, {0, Differences::kMaxListed}));
  return DiffCommand{spelt.common, std::move(left), std::move(right),
                     narrow<std::size_t>(limit.value_or(kDefaultListed)), spelt.allow_outside};
}

Result<Command> diagnose_command(const Spelling& spelt) {
  if (spelt.report.empty() == spelt.hash.empty()) {
    return usage("what was seen: give one of --report and --hash");
  }
  const bool is_sm = !spelt.image.empty();
  const bool any_enclave = !(spelt.eapp + spelt.runtime + spelt.loader).empty();
  if (is_sm == any_enclave) {
    return usage("give the files of an enclave (--eapp, --runtime, --loader) or a firmware (--sm)");
  }
  if (any_enclave && (spelt.eapp.empty() || spelt.runtime.empty())) {
    return usage(std::string(spelt.eapp.empty() ? "--eapp" : "--runtime") + ": missing");
  }
  KEYSTONE_TRY(const auto seconds, number_if_given("--time-limit", spelt.time_limit, {1, 86400}));
  const std::chrono::seconds limit(narrow<std::int64_t>(seconds.value_or(kDefaultTimeLimit)));
  return DiagnoseCommand{spelt.common, {spelt.report, spelt.hash},
                         spelt.eapp,   spelt.runtime,
                         spelt.loader, spelt.image,
                         limit};
}

Result<Command> golden_add_command(const Spelling& spelt) {
  const bool any_enclave = !spelt.eapp.empty() || !spelt.runtime.empty() || !spelt.loader.empty() ||
                           !spelt.profile.empty() || spelt.loader_raw ||
                           says_anything_of_a_page_walk(spelt);
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

Result<Command> command_of(const std::string& name, const Spelling& spelt) {
  if (name == "enclave") {
    return enclave_command(spelt);
  }
  if (name == "sm") {
    return sm_command(spelt);
  }
  if (name == "image") {
    return image_command(spelt);
  }
  if (name == "explain") {
    return explain_command(spelt);
  }
  if (name == "diff") {
    return diff_command(spelt);
  }
  if (name == "diagnose") {
    return diagnose_command(spelt);
  }
  if (name == "profiles") {
    return ProfilesCommand{spelt.common};
  }
  if (name == "platforms") {
    return PlatformsCommand{spelt.common};
  }
  if (name == "golden add") {
    return golden_add_command(spelt);
  }
  if (name == "golden remove") {
    return GoldenRemoveCommand{golden_arguments(spelt), spelt.name};
  }
  if (name == "golden update") {
    return GoldenUpdateCommand{golden_arguments(spelt)};
  }
  KEYSTONE_ASSERT(name == "golden check");
  return golden_check_command(spelt);
}

}  // namespace

Result<Command> read_arguments(int argc, const char* const* argv) {
  CLI::App app("", "keystone-measure");
  Spelling spelt;
  declare_options(app, spelt);
  KEYSTONE_TRY(auto text, parse_line(app, argc, argv));
  if (text) {
    return *std::move(text);
  }
  auto command = command_of(chosen_command(app), spelt);
  return command ? std::move(command)
                 : Result<Command>(fail(with_help(app, std::move(command).error())));
}

}  // namespace keystone::cli
