// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint.hpp"
#include "attestd/commands.hpp"
#include "attestd/node.hpp"
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "common/kept_file.hpp"
#include "common/program.hpp"
#include "common/sparse_file.hpp"

#include <algorithm>
#include <optional>

namespace keystone::server::attestd {
namespace {

// A node, as commands look at it.
struct Opened {
  std::shared_ptr<Store> store;
  KeyFolder keys;
};

Result<Opened> open(const Place& place) {
  KEYSTONE_TRY(const auto config, read_config(place));
  KEYSTONE_TRY(const auto state, StateFolder::open(place.state));
  KEYSTONE_TRY(auto store, open_store(config, state, false));
  KEYSTONE_TRY(auto keys, KeyFolder::open(state, false));
  return Opened{std::move(store), std::move(keys)};
}

// What a look at the log came to.
struct Finding {
  std::string broken;  // the first thing that is wrong; empty: nothing is
  AuditHead head;      // of the last good record
  std::size_t checkpoints;
};

// The checkpoints of the store, which must be signed. Of the keys that the caller names some may be
// too young or too old for some: what none of those signed is no evidence, and no break either.
Result<std::vector<Checkpoint>> signed_checkpoints(const AuditVerifyCommand& command,
                                                   const Opened& node, const JwkSet& keys,
                                                   std::string& broken) {
  std::vector<Checkpoint> checkpoints;
  KEYSTONE_TRY(const auto stored, node.store->checkpoints());
  for (const Checkpoint& checkpoint : stored) {
    if (!command.keys.empty() && !is_signed_by_known(checkpoint.jws, keys)) {
      continue;
    }
    auto read = read_checkpoint(checkpoint.jws, keys);
    if (read && read->head == checkpoint.head) {
      checkpoints.push_back(*std::move(read));
    } else if (broken.empty()) {
      broken = "checkpoint " + std::to_string(checkpoint.head.seq) + ": " +
               (read ? "is about another record" : read.error().message);
    }
  }
  return checkpoints;
}

// The one that was kept elsewhere, if there is one.
Result<std::optional<Checkpoint>> kept_checkpoint(const AuditVerifyCommand& command,
                                                  const JwkSet& keys) {
  if (command.checkpoint.empty()) {
    return std::nullopt;
  }
  KEYSTONE_TRY(const auto jws, cli::read_text(command.checkpoint));
  auto kept = read_checkpoint(jws, keys);
  if (!kept) {
    return fail(kept.error().within(command.checkpoint));
  }
  return *std::move(kept);
}

// What is wrong with where the log begins; empty: nothing is. Whoever may write the store could let
// it begin behind what a checkpoint says, with records of his own: a log that holds in itself.
std::string broken_base(const AuditHead& base, const std::vector<Checkpoint>& checkpoints,
                        const std::optional<Checkpoint>& kept) {
  if (kept && kept->head.seq < base.seq) {
    return "checkpoint " + std::to_string(kept->head.seq) + ": its record is gone, want one of " +
           std::to_string(base.seq) + " or later";
  }
  const bool vouched =
      std::any_of(checkpoints.begin(), checkpoints.end(),
                  [&](const Checkpoint& checkpoint) { return checkpoint.head.seq >= base.seq; });
  return base.seq == 0 || vouched ? std::string()
                                  : "record " + std::to_string(base.seq + 1) +
                                        ": no checkpoint vouches for what was before";
}

Result<JwkSet> keys_for(const AuditVerifyCommand& command, const Opened& node) {
  return command.keys.empty() ? checkpoint_keys(node.keys, *node.store)
                              : cli::read_kept<JwkSet>(command.keys, JwkSet::parse);
}

Result<Finding> look(const AuditVerifyCommand& command, const Opened& node) {
  KEYSTONE_TRY(const auto keys, keys_for(command, node));
  std::string broken;
  KEYSTONE_TRY(auto checkpoints, signed_checkpoints(command, node, keys, broken));
  KEYSTONE_TRY(const auto kept, kept_checkpoint(command, keys));
  if (kept) {
    checkpoints.push_back(*kept);
  }
  KEYSTONE_TRY(const auto verdict, verify_audit(*node.store, checkpoints));
  KEYSTONE_TRY(const auto base, node.store->audit_base());
  if (verdict.broken) {
    broken = "record " + std::to_string(verdict.broken->seq) + ": " +
             std::string(to_string(verdict.broken->kind));
  } else if (broken.empty()) {
    broken = broken_base(base, checkpoints, kept);
  }
  return Finding{broken, verdict.head, checkpoints.size()};
}

std::string finding_text(const Finding& finding) {
  if (!finding.broken.empty()) {
    return "broken: " + finding.broken + "\n";
  }
  return "ok: up to record " + std::to_string(finding.head.seq) + ", " +
         std::to_string(finding.checkpoints) + " checkpoints\n" + finding.head.hash.hex() + "\n";
}

std::string finding_json(const Finding& finding) {
  nlohmann::ordered_json json{{"schema", "keystone.audit-verdict/1"},
                              {"holds", finding.broken.empty()},
                              {"last_good", finding.head.seq},
                              {"hash", finding.head.hash.hex()},
                              {"checkpoints", finding.checkpoints}};
  if (!finding.broken.empty()) {
    json["broken"] = finding.broken;
  }
  return cli::json_text(json);
}

nlohmann::ordered_json head_json(const AuditHead& head) {
  return {{"seq", head.seq}, {"hash", head.hash.hex()}};
}

// What an export starts with: all that is needed to check it elsewhere.
Result<std::string> export_head(const Store& store) {
  KEYSTONE_TRY(const auto base, store.audit_base());
  KEYSTONE_TRY(const auto checkpoints, store.checkpoints());
  auto list = nlohmann::ordered_json::array();
  for (const Checkpoint& checkpoint : checkpoints) {
    list.push_back(checkpoint.jws);
  }
  return cli::json_text({{"schema", "keystone.audit-export/1"},
                         {"base", head_json(base)},
                         {"checkpoints", std::move(list)}},
                        -1);
}

std::string export_line(const AuditRecord& record) {
  return cli::json_text({{"seq", record.seq},
                         {"time", keystone::to_string(record.event.time)},
                         {"kind", record.event.kind},
                         {"actor", record.event.actor},
                         {"body", record.event.body},
                         {"hash", record.hash.hex()}},
                        -1);
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<int> run(const AuditVerifyCommand& command) {
  KEYSTONE_CHECK_OK(
      cli::refuse_overwriting(command.common.output, {command.checkpoint, command.keys}));
  KEYSTONE_TRY(const auto node, open(command.place));
  KEYSTONE_TRY(const auto finding, look(command, node));
  KEYSTONE_CHECK_OK(cli::write_answer(
      command.common.output, command.common.json ? finding_json(finding) : finding_text(finding)));
  return finding.broken.empty() ? cli::kExitDone : cli::kExitNo;
}

Result<int> run(const AuditExportCommand& command) {
  constexpr std::size_t kPage = 1000;
  KEYSTONE_TRY(const auto node, open(command.place));
  const std::string& output = command.common.output;
  KEYSTONE_TRY(auto file, cli::SparseFile::create(output.empty() ? "-" : output));
  KEYSTONE_TRY(const auto head, export_head(*node.store));
  KEYSTONE_CHECK_OK(file.append(bytes_of(head)));
  KEYSTONE_TRY(const auto base, node.store->audit_base());
  KEYSTONE_TRY(const auto last, node.store->audit_head());  // what is appended now is not meant
  for (std::uint64_t next = base.seq + 1; next <= last.seq;) {
    KEYSTONE_TRY(const auto records, node.store->audit_records(next, kPage));
    if (records.empty()) {
      return fail(ErrorCode::malformed, "audit record " + std::to_string(next) + ": is missing");
    }
    for (const AuditRecord& record : records) {
      KEYSTONE_CHECK_OK(file.append(bytes_of(export_line(record))));
    }
    next = records.back().seq + 1;
  }
  return cli::done(file.commit());
}

Result<int> run(const AuditCheckpointCommand& command) {
  KEYSTONE_TRY(auto node, open(command.place));
  KEYSTONE_TRY(const auto ring, KeyRing::open(std::move(node.keys), system_clock_now));
  KEYSTONE_TRY(const auto made, make_checkpoint(*node.store, system_clock_now(), *ring));
  return cli::done(cli::write_answer(command.common.output, made.jws + "\n"));
}

}  // namespace keystone::server::attestd
