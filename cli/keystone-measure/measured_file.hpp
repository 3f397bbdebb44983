// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/input_file.hpp"
#include "keystone-measure/measure_files.hpp"
#include "keystone/measure/byte_source.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace keystone::cli {

// A file as what is measured.
class MeasuredFile final : public ByteSource {
 public:
  // Fails as InputFile::open(); messages name the role and the path.
  [[nodiscard]] static Result<MeasuredFile> open(std::string_view role, const std::string& path,
                                                 const MeasureOptions& options);

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset, out);
  }

  // As InputFile::finish().
  [[nodiscard]] Result<std::optional<FileDigest>> finish() { return file_->finish(); }

 private:
  explicit MeasuredFile(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}
  std::unique_ptr<InputFile> file_;
};

}  // namespace keystone::cli
