// SPDX-License-Identifier: Apache-2.0
#include "attestd/checkpoint.hpp"
#include "attestd/commands.hpp"
#include "attestd/export_file.hpp"
#include "attestd/node.hpp"
#include "common/answer.hpp"
#include "common/exit_codes.hpp"
#include "common/json_text.hpp"
#include "common/kept_file.hpp"
#include "common/program.hpp"

#include <algorithm>
#include <optional>

namespace keystone::server::attestd {
namespace {

// What a look at the log came to.
struct Finding {
  std::string broken;                   // the first thing that is wrong; empty: nothing is
  AuditHead head = AuditHead::start();  // of the last good record
  std::size_t checkpoints = 0;
  std::uint64_t signed_through = 0;  // the last record that a checkpoint vouches for
};

// The checkpoints that count, whose signatures were verified.
struct Evidence {
  std::vector<Checkpoint> checkpoints;
  std::optional<Checkpoint> kept;  // the one of these that was kept elsewhere
  std::string broken;              // what is wrong with one of them; empty: nothing is
};

// The one that was kept elsewhere, if there is one.
Result<std::optional<Checkpoint>> kept_checkpoint(const AuditVerifyCommand& command,
                                                  const CheckpointKeys& keys) {
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

// Takes one that lies with the log, which must be signed. Of the keys that the caller names some
// may be too young or too old for it: what none of those signed is no evidence, and no break.
void take(Evidence& evidence, const std::string& jws, const AuditVerifyCommand& command,
          const CheckpointKeys& keys, const AuditHead* stated) {
  if (!command.keys.empty() && !is_signed_by_known(jws, keys)) {
    return;
  }
  auto read = read_checkpoint(jws, keys);
  if (read && (stated == nullptr || read->head == *stated)) {
    evidence.checkpoints.push_back(*std::move(read));
  } else if (evidence.broken.empty()) {
    evidence.broken =
        stated == nullptr ? "a checkpoint: " : "checkpoint " + std::to_string(stated->seq) + ": ";
    evidence.broken += read ? "is about another record" : read.error().message;
  }
}

// What is wrong with where the log begins; empty: nothing is. Whoever may write the store could let
// it begin behind what a checkpoint says, with records of his own: a log that holds in itself.
std::string broken_base(const AuditHead& base, const Evidence& evidence) {
  if (evidence.kept && evidence.kept->head.seq < base.seq) {
    return "checkpoint " + std::to_string(evidence.kept->head.seq) +
           ": its record is gone, want one of " + std::to_string(base.seq) + " or later";
  }
  const bool vouched =
      std::any_of(evidence.checkpoints.begin(), evidence.checkpoints.end(),
                  [&](const Checkpoint& checkpoint) { return checkpoint.head.seq >= base.seq; });
  return base.seq == 0 || vouched ? std::string()
                                  : "record " + std::to_string(base.seq + 1) +
                                        ": no checkpoint vouches for what was before";
}

Finding finding_of(const AuditVerdict& verdict, const AuditHead& base, const Evidence& evidence) {
  Finding finding{evidence.broken, verdict.head, evidence.checkpoints.size(), 0};
  for (const Checkpoint& checkpoint : evidence.checkpoints) {
    finding.signed_through = std::max(finding.signed_through, checkpoint.head.seq);
  }
  if (verdict.broken) {
    finding.broken = "record " + std::to_string(verdict.broken->seq) + ": " +
                     std::string(to_string(verdict.broken->kind));
  } else if (finding.broken.empty()) {
    finding.broken = broken_base(base, evidence);
  }
  return finding;
}

Result<Finding> look_at_node(const AuditVerifyCommand& command) {
  KEYSTONE_TRY(const auto config, read_config(command.place));
  KEYSTONE_TRY(const auto node, open_node(config, command.place.state));
  KEYSTONE_TRY(const auto keys, command.keys.empty() ? checkpoint_keys(node.keys, *node.store)
                                                     : CheckpointKeys::read(command.keys));
  Evidence evidence;
  KEYSTONE_TRY(const auto stored, node.store->checkpoints());
  for (const Checkpoint& checkpoint : stored) {
    take(evidence, checkpoint.jws, command, keys, &checkpoint.head);
  }
  KEYSTONE_TRY(evidence.kept, kept_checkpoint(command, keys));
  if (evidence.kept) {
    evidence.checkpoints.push_back(*evidence.kept);
  }
  KEYSTONE_TRY(const auto verdict, verify_audit(*node.store, evidence.checkpoints));
  KEYSTONE_TRY(const auto base, node.store->audit_base());
  return finding_of(verdict, base, evidence);
}

Result<AuditVerdict> follow(ExportFile& file, AuditChain chain) {
  while (true) {
    KEYSTONE_TRY(const auto record, file.next());
    if (!record) {
      return AuditVerdict{chain.finish(file.start().head), chain.head()};
    }
    KEYSTONE_TRY(const auto broken, chain.add(*record));
    if (broken) {
      return AuditVerdict{broken, chain.head()};
    }
  }
}

// A file is whatever somebody wrote: without a signature it would prove nothing.
Result<Finding> look_at_export(const AuditVerifyCommand& command) {
  KEYSTONE_TRY(const auto keys, CheckpointKeys::read(command.keys));
  KEYSTONE_TRY(auto file, ExportFile::open(command.exported));
  Evidence evidence;
  for (const ExportedCheckpoint& checkpoint : file.checkpoints()) {
    take(evidence, checkpoint.jws, command, keys, nullptr);
  }
  KEYSTONE_TRY(evidence.kept, kept_checkpoint(command, keys));
  if (evidence.kept) {
    evidence.checkpoints.push_back(*evidence.kept);
  }
  const AuditHead base = file.start().base;
  KEYSTONE_TRY(const auto verdict, follow(file, AuditChain(base, evidence.checkpoints)));
  Finding finding = finding_of(verdict, base, evidence);
  if (finding.broken.empty() && evidence.checkpoints.empty()) {
    finding.broken = "checkpoints: none is signed by a key of --keys";
  }
  return finding;
}

std::string finding_text(const Finding& finding) {
  if (!finding.broken.empty()) {
    return "broken: " + finding.broken + "\n";
  }
  const std::string vouched =
      finding.checkpoints == 0 ? "no checkpoint"
                               : "signed up to record " + std::to_string(finding.signed_through) +
                                     " (checkpoints: " + std::to_string(finding.checkpoints) + ")";
  return "ok: up to record " + std::to_string(finding.head.seq) + ", " + vouched + "\n" +
         finding.head.hash.hex() + "\n";
}

std::string finding_json(const Finding& finding) {
  nlohmann::ordered_json json{
      {"schema", "keystone.audit-verdict/1"}, {"holds", finding.broken.empty()},
      {"last_good", finding.head.seq},        {"hash", finding.head.hash.hex()},
      {"checkpoints", finding.checkpoints},   {"signed_through", finding.signed_through}};
  if (!finding.broken.empty()) {
    json["broken"] = finding.broken;
  }
  return cli::json_text(json);
}

}  // namespace

Result<int> run(const AuditVerifyCommand& command) {
  std::vector<std::string> inputs = command.keys;
  inputs.insert(inputs.end(), {command.checkpoint, command.exported});
  KEYSTONE_CHECK_OK(cli::refuse_overwriting(command.common.output, inputs));
  KEYSTONE_TRY(const auto finding,
               command.exported.empty() ? look_at_node(command) : look_at_export(command));
  KEYSTONE_CHECK_OK(cli::write_answer(
      command.common.output, command.common.json ? finding_json(finding) : finding_text(finding)));
  return finding.broken.empty() ? cli::kExitDone : cli::kExitNo;
}

}  // namespace keystone::server::attestd
