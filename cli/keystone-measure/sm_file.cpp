// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/sm_file.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

std::string_view extraction_word(const SmImage& image, std::uint64_t taken) {
  if (image.from_elf) {
    return "load_segments";
  }
  return taken < image.image_size ? "cut" : "whole_file";
}

}  // namespace

// What the file's own errors say already, its path, the others lack.
Error SmFile::about(const Error& error) const {
  return error.within(error.code == ErrorCode::unreadable ? "image" : "image: " + request_.image);
}

Result<std::unique_ptr<SmFile>> SmFile::open(const SmRequest& request,
                                             const MeasureOptions& options) {
  KEYSTONE_TRY(const auto window,
               resolve_window({request.platform, request.base, request.size, request.fill}));
  KEYSTONE_TRY(auto opened, MeasuredFile::open("image", request.image, options));
  std::unique_ptr<SmFile> file(new SmFile(request, std::move(opened)));
  auto image = lay_out_sm(file->file_, window);
  if (!image) {
    return fail(file->about(image.error()));
  }
  file->image_ = *std::move(image);
  return file;
}

Result<SmHash> SmFile::measure() const {
  auto hash = measure_sm(*image_);
  if (!hash) {
    return fail(about(hash.error()));
  }
  return hash;
}

Result<SmRecord> SmFile::finish(const SmHash& hash) {
  const auto sha256 = file_.finish();
  if (!sha256) {
    return fail(about(sha256.error()));
  }
  std::vector<std::string> warnings = image_->warnings;
  for (std::string& text : warnings) {
    text = "image: " + text;
  }
  std::vector<std::string> notes = image_->notes;
  if (image_->from_elf) {
    notes.insert(notes.begin(), "image: laid out from the load segments of an ELF file");
  }
  const std::uint64_t taken = std::min(image_->image_size, image_->window.size);
  return SmRecord{
      hash,
      image_->window,
      request_.platform,
      {"image", request_.image, file_.size(), *sha256, taken, extraction_word(*image_, taken)},
      std::move(notes),
      std::move(warnings)};
}

}  // namespace keystone::cli
