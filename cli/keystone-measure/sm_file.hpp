// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/measure_files.hpp"
#include "keystone-measure/measured_file.hpp"
#include "keystone/measure/measured_stream.hpp"

#include <memory>
#include <optional>

namespace keystone::cli {

// A firmware image, opened, and the window that the boot ROM measures of it.
class SmFile {
 public:
  // Fails as resolve_window(), InputFile::open() and lay_out_sm() do; messages name the input.
  [[nodiscard]] static Result<std::unique_ptr<SmFile>> open(const SmRequest& request,
                                                            const MeasureOptions& options);

  [[nodiscard]] Result<SmHash> measure() const;
  // What measure() hashes. It must not outlive this object.
  [[nodiscard]] Result<MeasuredStream> stream() const { return measured_stream(*image_); }

  // An Error of measure() or of the stream, and what it is about.
  [[nodiscard]] Error about(const Error& error) const;

  // After the last use of the file: what there is to record of it. Fails if it changed.
  [[nodiscard]] Result<SmRecord> finish(const SmHash& hash);

 private:
  SmFile(SmRequest request, MeasuredFile file)
      : request_(std::move(request)), file_(std::move(file)) {}

  SmRequest request_;
  MeasuredFile file_;
  std::optional<SmImage> image_;  // refers to the file above
};

}  // namespace keystone::cli
