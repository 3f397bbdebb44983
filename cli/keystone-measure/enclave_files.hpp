// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/measure_files.hpp"
#include "keystone-measure/measured_file.hpp"
#include "keystone/measure/explain.hpp"
#include "keystone/measure/measured_stream.hpp"

#include <memory>
#include <optional>
#include <variant>

namespace keystone::cli {

// The files of an enclave, opened, and the memory that its host makes of them: what every command
// about an enclave starts from.
class EnclaveFiles {
 public:
  // Fails as InputFile::open() and lay_out() do; messages name the input.
  [[nodiscard]] static Result<std::unique_ptr<EnclaveFiles>> open(const EnclaveRequest& request,
                                                                  const MeasureOptions& options);

  [[nodiscard]] Result<Measurement> measure() const;
  // What measure() hashes. It must not outlive this object.
  [[nodiscard]] Result<MeasuredStream> stream() const;
  [[nodiscard]] Result<Explanation> explain(const ExplainOptions& options) const;

  // The laid out memory, of whichever scheme.
  using Image = std::variant<EnclaveImage, PageWalkImage>;
  [[nodiscard]] const Image& image() const { return *image_; }

  // After the last use of the files: what there is to record of them. Fails if one of them changed.
  [[nodiscard]] Result<EnclaveRecord> finish(const Measurement& measurement);

 private:
  EnclaveFiles(EnclaveRequest request, MeasuredFile eapp, MeasuredFile runtime,
               std::optional<MeasuredFile> loader)
      : request_(std::move(request)),
        eapp_(std::move(eapp)),
        runtime_(std::move(runtime)),
        loader_(std::move(loader)) {}

  [[nodiscard]] Result<Image> lay_out_files() const;
  [[nodiscard]] EnclaveInputs loader_inputs() const {
    return {eapp_, runtime_, *loader_, request_.loader_raw};
  }
  [[nodiscard]] Result<EnclaveRecord> finish_loader_scheme(EnclaveImage& image,
                                                           const Measurement& measurement);
  [[nodiscard]] Result<EnclaveRecord> finish_page_walk(const PageWalkImage& image,
                                                       const Measurement& measurement);

  EnclaveRequest request_;
  MeasuredFile eapp_;
  MeasuredFile runtime_;
  std::optional<MeasuredFile> loader_;
  std::optional<Image> image_;  // refers to the files above
};

// What the host of the request's page-walk profile is told: what was given, else its defaults.
[[nodiscard]] PageWalkParameters parameters_of(const EnclaveRequest& request);

}  // namespace keystone::cli
