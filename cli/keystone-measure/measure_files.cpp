// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/measure_files.hpp"

#include "keystone-measure/enclave_files.hpp"
#include "keystone-measure/measured_file.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

std::string_view extraction_word(const SmImage& image, std::uint64_t taken) {
  if (image.from_elf) {
    return "load_segments";
  }
  return taken < image.image_size ? "cut" : "whole_file";
}

// What the file's own errors say already, its path, the others lack.
Error about_image(const Error& error, const std::string& path) {
  return error.within(error.code == ErrorCode::unreadable ? "image" : "image: " + path);
}

}  // namespace

Result<EnclaveRecord> measure_enclave_files(const EnclaveRequest& request,
                                            const MeasureOptions& options) {
  KEYSTONE_TRY(const auto files, EnclaveFiles::open(request, options));
  KEYSTONE_TRY(const auto measurement, files->measure());
  return files->finish(measurement);
}

Result<SmRecord> measure_sm_file(const SmRequest& request, const MeasureOptions& options) {
  KEYSTONE_TRY(const auto window,
               resolve_window({request.platform, request.base, request.size, request.fill}));
  KEYSTONE_TRY(auto file, MeasuredFile::open("image", request.image, options));
  auto image = lay_out_sm(file, window);
  const auto hash = image ? measure_sm(*image) : Result<SmHash>(fail(image.error()));
  if (!hash) {
    return fail(about_image(hash.error(), request.image));
  }
  const auto sha256 = file.finish();
  if (!sha256) {
    return fail(about_image(sha256.error(), request.image));
  }
  for (std::string& text : image->warnings) {
    text = "image: " + text;
  }
  if (image->from_elf) {
    image->notes.insert(image->notes.begin(),
                        "image: laid out from the load segments of an ELF file");
  }
  const std::uint64_t taken = std::min(image->image_size, window.size);
  return SmRecord{
      *hash,
      window,
      request.platform,
      {"image", request.image, file.size(), *sha256, taken, extraction_word(*image, taken)},
      std::move(image->notes),
      std::move(image->warnings)};
}

}  // namespace keystone::cli
