// SPDX-License-Identifier: Apache-2.0
#include "attestd/export_file.hpp"

#include <utility>

namespace keystone::server::attestd {
namespace {

constexpr std::size_t kMostInLine = std::size_t{16} << 20U;  // bytes

}  // namespace

ExportFile::ExportFile(std::string path, std::unique_ptr<cli::InputFile> file)
    : path_(std::move(path)),
      file_(std::move(file)),
      lines_(std::make_unique<cli::LineReader>(*file_, kMostInLine)) {}

tl::unexpected<Error> ExportFile::refuse(ErrorCode code, const std::string& what) const {
  return fail(Error(code, what).within("line " + std::to_string(line_)).within(path_));
}

Result<ExportFile> ExportFile::open(const std::string& path) {
  KEYSTONE_TRY(auto opened, cli::InputFile::open(path, {}));
  ExportFile file(path, std::move(opened));
  KEYSTONE_CHECK_OK(file.read_head());
  return file;
}

Status ExportFile::read_head() {
  KEYSTONE_TRY(const auto first, next_line());
  const auto* const start = first ? std::get_if<ExportStart>(&*first) : nullptr;
  if (start == nullptr) {
    return refuse(ErrorCode::malformed, "want what the export starts with");
  }
  start_ = *start;
  while (true) {
    KEYSTONE_TRY(auto line, next_line());
    auto* const checkpoint = line ? std::get_if<ExportedCheckpoint>(&*line) : nullptr;
    if (checkpoint == nullptr) {
      if (line && !std::holds_alternative<AuditRecord>(*line)) {
        return refuse(ErrorCode::malformed, "a second start");
      }
      first_ = line ? std::optional(std::get<AuditRecord>(*std::move(line))) : std::nullopt;
      return {};
    }
    checkpoints_.push_back(std::move(*checkpoint));
  }
}

Result<std::optional<ExportLine>> ExportFile::next_line() {
  KEYSTONE_TRY(const auto text, lines_->next());
  if (!text) {
    KEYSTONE_CHECK_OK(file_->finish());
    return std::nullopt;
  }
  ++line_;
  if (text->size > kMostInLine) {
    return refuse(ErrorCode::limit_exceeded,
                  "got " + std::to_string(text->size) + " bytes, want at most 16 MiB");
  }
  auto line = parse_export_line(text->text);
  if (!line) {
    return refuse(line.error().code, line.error().message);
  }
  return *std::move(line);
}

Result<std::optional<AuditRecord>> ExportFile::next() {
  if (first_) {
    return std::exchange(first_, std::nullopt);
  }
  KEYSTONE_TRY(auto line, next_line());
  if (!line) {
    return std::nullopt;
  }
  auto* const record = std::get_if<AuditRecord>(&*line);
  if (record == nullptr) {
    return refuse(ErrorCode::malformed, "want a record: all else comes before them");
  }
  return std::move(*record);
}

}  // namespace keystone::server::attestd
