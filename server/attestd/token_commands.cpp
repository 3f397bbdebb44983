// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"
#include "attestd/node.hpp"
#include "common/answer.hpp"
#include "common/console.hpp"
#include "common/json_text.hpp"
#include "common/program.hpp"
#include "common/text_table.hpp"
#include "keystone/base/text.hpp"

namespace keystone::server::attestd {
namespace {

Result<std::shared_ptr<Store>> store_of(const Place& place) {
  KEYSTONE_TRY(const auto config, read_config(place));
  KEYSTONE_TRY(const auto state, StateFolder::open(place.state));
  return open_store(config, state, StoreUser::command);
}

std::string time_or_dash(const std::optional<Instant>& time) {
  return time ? keystone::to_string(*time) : "-";
}

std::string list_text(const std::vector<TokenRecord>& tokens) {
  cli::TextTable table({"id", "role", "created", "expires", "revoked", "label"});
  for (const TokenRecord& token : tokens) {
    table.add({token.id, token.role, keystone::to_string(token.created),
               time_or_dash(token.expires), time_or_dash(token.revoked),
               cli::one_line(token.label)});
  }
  return table.text();
}

std::string list_json(const std::vector<TokenRecord>& tokens) {
  auto list = nlohmann::ordered_json::array();
  for (const TokenRecord& token : tokens) {
    nlohmann::ordered_json entry{{"id", token.id},
                                 {"role", token.role},
                                 {"label", token.label},
                                 {"created", keystone::to_string(token.created)}};
    if (token.expires) {
      entry["expires"] = keystone::to_string(*token.expires);
    }
    if (token.revoked) {
      entry["revoked"] = keystone::to_string(*token.revoked);
    }
    list.push_back(std::move(entry));
  }
  return cli::json_text({{"schema", "keystone.tokens/1"}, {"tokens", std::move(list)}});
}

// The one place where a token is shown.
Status show(const cli::CommonArguments& common, const IssuedToken& issued) {
  const std::string token(issued.token.expose_text());
  std::string answer = token + "\n";
  if (common.json) {
    answer = cli::json_text({{"schema", "keystone.token/1"}, {"id", issued.id}, {"token", token}});
  }
  return cli::write_answer(common.output, answer);
}

}  // namespace

Result<int> run(const TokenAddCommand& command) {
  KEYSTONE_TRY(const auto store, store_of(command.place));
  const Instant now = system_clock_now();
  KEYSTONE_TRY(const auto issued, issue_token(*store, command.request, now));
  const auto shown = show(command.common, issued);
  if (!shown) {
    // Nobody has it: it must not count. What went wrong first is what is told.
    (void)revoke_token(*store, issued.id, now);
  }
  return cli::done(shown);
}

Result<int> run(const TokenListCommand& command) {
  KEYSTONE_TRY(const auto store, store_of(command.place));
  KEYSTONE_TRY(const auto tokens, store->tokens());
  return cli::done(cli::write_answer(command.common.output,
                                     command.common.json ? list_json(tokens) : list_text(tokens)));
}

Result<int> run(const TokenRevokeCommand& command) {
  KEYSTONE_TRY(const auto store, store_of(command.place));
  KEYSTONE_TRY(const bool revoked, revoke_token(*store, command.id, system_clock_now()));
  if (!revoked) {
    return cli::usage("--id: got " + printable(command.id) + ", want that of a token that counts",
                      "keystone-attestd token list says which there are");
  }
  return cli::done({});
}

}  // namespace keystone::server::attestd
