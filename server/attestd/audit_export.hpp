// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/audit_chain.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

// An audit log as a file of lines, each of one JSON object: where the log begins and ends, then
// every checkpoint, then every record.
//
//   {"schema":"keystone.audit-export/1","base":HEAD,"head":HEAD}
//   {"checkpoint":"<JWS>"}
//   {"seq":1,"time":"2026-01-01T00:00:00Z","kind":"...","actor":"...","body":"...","hash":"<hex>"}
//
// A HEAD is {"seq":0,"hash":"<128 hex digits>"}; the first record is the one after the base.
namespace keystone::server::attestd {

struct ExportStart {
  AuditHead base;
  AuditHead head;  // the last record, or the base where there is none
};

struct ExportedCheckpoint {
  std::string jws;
};

// Each with its line feed.
[[nodiscard]] std::string export_line(const ExportStart& start);
[[nodiscard]] std::string export_line(const ExportedCheckpoint& checkpoint);
[[nodiscard]] std::string export_line(const AuditRecord& record);

using ExportLine = std::variant<ExportStart, ExportedCheckpoint, AuditRecord>;

// `malformed` for anything but one of these lines, here without its line feed.
[[nodiscard]] Result<ExportLine> parse_export_line(std::string_view line);

}  // namespace keystone::server::attestd
