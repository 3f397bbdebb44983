// SPDX-License-Identifier: Apache-2.0
#include "attestd/arguments.hpp"

#include "attestd/spelling.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/suggest.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace keystone::server::attestd {
namespace {

Place place_of(const Spelling& spelt) {
  return {spelt.state, spelt.config};
}

Result<Command> serve_command(const Spelling& spelt) {
  if (spelt.state.empty()) {
    return cli::usage("--state is required");
  }
  ServeCommand command{spelt.state, spelt.config, {}, {}, spelt.insecure_http};
  if (!spelt.listen.empty()) {
    KEYSTONE_TRY(command.listen, cli::TcpAddress::parse("--listen", spelt.listen));
  }
  if (!spelt.ear.empty()) {
    constexpr std::string_view kForms[] = {"deployed", "draft"};
    KEYSTONE_TRY(const auto form, index_of_name("--ear", spelt.ear, kForms));
    command.ear = static_cast<EarForm>(form);
  }
  return command;
}

Result<Command> config_check_command(const Spelling& spelt) {
  return ConfigCheckCommand{spelt.common, spelt.file};
}

Result<Command> token_add_command(const Spelling& spelt) {
  const auto role = parse_role(spelt.role);
  if (!role) {
    return cli::usage("--role: got " + printable(spelt.role), "one of admin, operator, verifier");
  }
  if (!is_plain_text(spelt.label, kMaxLabel)) {
    return cli::usage("--label: got " + std::to_string(spelt.label.size()) + " bytes, want 1 to " +
                      std::to_string(kMaxLabel) + " without control characters");
  }
  TokenRequest request{*role, spelt.label, {}};
  if (!spelt.expires.empty()) {
    const auto expires = parse_instant("--expires", spelt.expires);
    if (!expires) {
      return cli::usage(expires.error().message);
    }
    request.expires = *expires;
  }
  return TokenAddCommand{spelt.common, place_of(spelt), std::move(request)};
}

Result<Command> token_list_command(const Spelling& spelt) {
  return TokenListCommand{spelt.common, place_of(spelt)};
}

Result<Command> token_revoke_command(const Spelling& spelt) {
  return TokenRevokeCommand{spelt.common, place_of(spelt), spelt.id};
}

Result<Command> audit_verify_command(const Spelling& spelt) {
  const bool is_export = !spelt.exported.empty();
  if (is_export && (!spelt.state.empty() || !spelt.config.empty())) {
    return cli::usage("--export: got --state or --config too, want one of both");
  }
  if (!is_export && spelt.state.empty()) {
    return cli::usage("--state is required, or --export");
  }
  if (is_export && spelt.keys.empty()) {
    return cli::usage("--keys is required with --export", "a file cannot vouch for itself");
  }
  return AuditVerifyCommand{spelt.common, place_of(spelt), spelt.exported, spelt.checkpoint,
                            spelt.keys};
}

Result<Command> audit_export_command(const Spelling& spelt) {
  return AuditExportCommand{spelt.common, place_of(spelt)};
}

Result<Command> audit_checkpoint_command(const Spelling& spelt) {
  return AuditCheckpointCommand{spelt.common, place_of(spelt)};
}

Result<Command> store_migrate_command(const Spelling& spelt) {
  return StoreMigrateCommand{spelt.common, place_of(spelt)};
}

Result<Command> key_list_command(const Spelling& spelt) {
  return KeyListCommand{spelt.common, place_of(spelt)};
}

Result<Command> key_rotate_command(const Spelling& spelt) {
  return KeyRotateCommand{spelt.common, place_of(spelt), spelt.now};
}

using Reader = Result<Command> (*)(const Spelling&);

Reader reader_of(const std::string& command) {
  constexpr std::pair<std::string_view, Reader> kReaders[] = {
      {"", serve_command},
      {"config check", config_check_command},
      {"token add", token_add_command},
      {"token list", token_list_command},
      {"token revoke", token_revoke_command},
      {"audit verify", audit_verify_command},
      {"audit export", audit_export_command},
      {"audit checkpoint", audit_checkpoint_command},
      {"store migrate", store_migrate_command},
      {"key list", key_list_command},
      {"key rotate", key_rotate_command},
  };
  const auto* const found = std::find_if(std::begin(kReaders), std::end(kReaders),
                                         [&](const auto& row) { return row.first == command; });
  KEYSTONE_ASSERT(found != std::end(kReaders));
  return found->second;
}

// Options of the daemon before a command would not do what they seem to.
Status refuse_options_of_daemon(const CLI::App& app) {
  if (!app.get_subcommands().empty()) {
    for (const CLI::Option* const option : app.get_options()) {
      if (option->count() > 0) {
        return cli::usage(option->get_name() + ": is the daemon's, want it behind the command");
      }
    }
  }
  return {};
}

}  // namespace

Result<Command> read_arguments(int argc, const char* const* argv) {
  CLI::App app("", "keystone-attestd");
  Spelling spelt;
  declare_options(app, spelt);
  KEYSTONE_TRY(auto text, cli::parse_line(app, argc, argv));
  if (text) {
    return *std::move(text);
  }
  KEYSTONE_CHECK_OK(refuse_options_of_daemon(app));
  auto command = reader_of(cli::chosen_command(app))(spelt);
  return command ? std::move(command)
                 : Result<Command>(fail(cli::with_help(app, std::move(command).error())));
}

Result<Config> read_config(const ServeCommand& command) {
  auto config =
      command.config.empty() ? Result<Config>(Config::defaults()) : Config::read(command.config);
  if (!config) {
    return config;
  }
  if (command.listen) {
    KEYSTONE_CHECK_OK(config->listen_at(*command.listen));
  }
  config->insecure_http = config->insecure_http || command.insecure_http;
  config->service.ear_form = command.ear.value_or(config->service.ear_form);
  KEYSTONE_CHECK_OK(config->check_plain_http());
  return config;
}

Result<Config> read_config(const Place& place) {
  return place.config.empty() ? Result<Config>(Config::defaults()) : Config::read(place.config);
}

}  // namespace keystone::server::attestd
