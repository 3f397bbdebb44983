// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "attestd/audit_export.hpp"
#include "common/input_file.hpp"
#include "common/line_reader.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keystone::server::attestd {

// An exported audit log as it is read, line after line: it may be larger than the memory.
class ExportFile {
 public:
  // Opens the file at `path` (`-`: standard input) and reads all before its first record. Fails as
  // cli::InputFile, and with `malformed`, naming the line, for what is no export.
  [[nodiscard]] static Result<ExportFile> open(const std::string& path);

  [[nodiscard]] const ExportStart& start() const { return start_; }
  [[nodiscard]] const std::vector<ExportedCheckpoint>& checkpoints() const { return checkpoints_; }

  // The next record; absent: that was the last. Fails as open().
  [[nodiscard]] Result<std::optional<AuditRecord>> next();

 private:
  ExportFile(std::string path, std::unique_ptr<cli::InputFile> file);

  [[nodiscard]] Status read_head();
  [[nodiscard]] Result<std::optional<ExportLine>> next_line();
  [[nodiscard]] tl::unexpected<Error> refuse(ErrorCode code, const std::string& what) const;

  std::string path_;
  std::unique_ptr<cli::InputFile> file_;
  std::unique_ptr<cli::LineReader> lines_;
  std::uint64_t line_ = 0;  // the number of the last one
  ExportStart start_{AuditHead::start(), AuditHead::start()};
  std::vector<ExportedCheckpoint> checkpoints_;
  std::optional<AuditRecord> first_;
};

}  // namespace keystone::server::attestd
