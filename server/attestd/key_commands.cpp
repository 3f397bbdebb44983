// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"
#include "attestd/key_ring.hpp"
#include "attestd/node.hpp"
#include "common/answer.hpp"
#include "common/json_text.hpp"
#include "common/program.hpp"
#include "common/text_table.hpp"

namespace keystone::server::attestd {
namespace {

Result<std::shared_ptr<KeyRing>> ring_of(const Place& place) {
  KEYSTONE_TRY(const auto state, StateFolder::open(place.state));
  KEYSTONE_TRY(auto keys, KeyFolder::open(state, false));
  return KeyRing::open(std::move(keys), system_clock_now);
}

std::string_view status_of(const KeyTerm& term, const std::string& current) {
  if (term.kid == current) {
    return "signs";
  }
  return term.signs_until && *term.signs_until <= system_clock_now() ? "former" : "next";
}

std::string list_text(const KeyRing& ring) {
  cli::TextTable table({"kid", "status", "signs from", "signs until"});
  for (const KeyTerm& term : ring.terms()) {
    table.add({term.kid, std::string(status_of(term, ring.current())),
               keystone::to_string(term.signs_from),
               term.signs_until ? keystone::to_string(*term.signs_until) : "-"});
  }
  return table.text();
}

std::string list_json(const KeyRing& ring) {
  auto keys = nlohmann::ordered_json::array();
  for (const KeyTerm& term : ring.terms()) {
    nlohmann::ordered_json entry{{"kid", term.kid},
                                 {"status", status_of(term, ring.current())},
                                 {"signs_from", keystone::to_string(term.signs_from)}};
    if (term.signs_until) {
      entry["signs_until"] = keystone::to_string(*term.signs_until);
    }
    entry["jwk"] = nlohmann::ordered_json::parse(term.jwk);
    keys.push_back(std::move(entry));
  }
  return cli::json_text({{"schema", "keystone.signing-keys/1"}, {"keys", std::move(keys)}});
}

}  // namespace

Result<int> run(const KeyListCommand& command) {
  KEYSTONE_TRY(const auto ring, ring_of(command.place));
  return cli::done(cli::write_answer(command.common.output,
                                     command.common.json ? list_json(*ring) : list_text(*ring)));
}

Result<int> run(const KeyRotateCommand& command) {
  KEYSTONE_TRY(const auto config, read_config(command.place));
  KEYSTONE_TRY(const auto ring, ring_of(command.place));
  const auto announce = command.now ? std::chrono::seconds(0) : config.keys.announce;
  KEYSTONE_TRY(const auto kid, ring->rotate(announce));
  const std::string answer =
      command.common.json ? cli::json_text({{"schema", "keystone.signing-key/1"}, {"kid", kid}})
                          : kid + "\n";
  return cli::done(cli::write_answer(command.common.output, answer));
}

}  // namespace keystone::server::attestd
