// SPDX-License-Identifier: Apache-2.0
#include "attestd/audit_export.hpp"

#include "common/json_text.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

namespace keystone::server::attestd {
namespace {

constexpr std::string_view kSchema = "keystone.audit-export/1";

std::string one_line(const nlohmann::ordered_json& json) {
  return cli::json_text(json, -1);
}

nlohmann::ordered_json head_json(const AuditHead& head) {
  return {{"seq", head.seq}, {"hash", head.hash.hex()}};
}

Result<ChainHash> hash_at(const JsonObject& json) {
  KEYSTONE_TRY(const auto digits, json.string_at("hash"));
  return ChainHash::from_hex(json.path_of("hash"), digits);
}

Result<AuditHead> head_at(const JsonObject& line, std::string_view key) {
  KEYSTONE_TRY(const auto json, line.object_at(key));
  KEYSTONE_TRY(const auto seq, json.unsigned_at("seq"));
  KEYSTONE_TRY(const auto hash, hash_at(json));
  KEYSTONE_CHECK_OK(json.no_others());
  return AuditHead{seq, hash};
}

Result<ExportLine> read_start(const JsonObject& line) {
  KEYSTONE_TRY(const auto schema, line.string_at("schema"));
  if (schema != kSchema) {
    return fail(ErrorCode::malformed,
                "schema: got " + printable(schema) + ", want " + std::string(kSchema));
  }
  KEYSTONE_TRY(const auto base, head_at(line, "base"));
  KEYSTONE_TRY(const auto head, head_at(line, "head"));
  return ExportStart{base, head};
}

Result<ExportLine> read_checkpoint_line(const JsonObject& line) {
  KEYSTONE_TRY(auto jws, line.string_at("checkpoint"));
  return ExportedCheckpoint{std::move(jws)};
}

Result<ExportLine> read_record(const JsonObject& line) {
  KEYSTONE_TRY(const auto seq, line.unsigned_at("seq"));
  KEYSTONE_TRY(const auto time, line.string_at("time"));
  AuditEvent event;
  KEYSTONE_TRY(event.time, parse_instant("time", time));
  KEYSTONE_TRY(event.kind, line.string_at("kind"));
  KEYSTONE_TRY(event.actor, line.string_at("actor"));
  KEYSTONE_TRY(event.body, line.string_at("body"));
  KEYSTONE_TRY(const auto hash, hash_at(line));
  return AuditRecord{seq, std::move(event), hash};
}

}  // namespace

std::string export_line(const ExportStart& start) {
  return one_line(
      {{"schema", kSchema}, {"base", head_json(start.base)}, {"head", head_json(start.head)}});
}

std::string export_line(const ExportedCheckpoint& checkpoint) {
  return one_line({{"checkpoint", checkpoint.jws}});
}

std::string export_line(const AuditRecord& record) {
  return one_line({{"seq", record.seq},
                   {"time", keystone::to_string(record.event.time)},
                   {"kind", record.event.kind},
                   {"actor", record.event.actor},
                   {"body", record.event.body},
                   {"hash", record.hash.hex()}});
}

Result<ExportLine> parse_export_line(std::string_view line) {
  KEYSTONE_TRY(const auto json, parse_json_object(line));
  const auto read = json.has("schema")       ? read_start
                    : json.has("checkpoint") ? read_checkpoint_line
                                             : read_record;
  KEYSTONE_TRY(auto parsed, read(json));
  KEYSTONE_CHECK_OK(json.no_others());
  return parsed;
}

}  // namespace keystone::server::attestd
