// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/measure_files.hpp"

#include "common/input_file.hpp"

#include <algorithm>

namespace keystone::cli {
namespace {

// A file as what is measured.
class MeasuredFile final : public ByteSource {
 public:
  explicit MeasuredFile(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset, out);
  }

  // As InputFile::finish().
  [[nodiscard]] Result<std::optional<FileDigest>> finish() { return file_->finish(); }

 private:
  std::unique_ptr<InputFile> file_;
};

Result<MeasuredFile> open_input(std::string_view role, const std::string& path,
                                const MeasureOptions& options) {
  auto file = InputFile::open(path, {.fingerprint = options.fingerprint,
                                     .progress = options.progress,
                                     .regular_only = options.regular_only});
  if (!file) {
    return fail(file.error().within(role));
  }
  return MeasuredFile(*std::move(file));
}

Result<InputRecord> finish_input(const std::string& path, MeasuredFile& file,
                                 const PlacedInput& placed) {
  const auto sha256 = file.finish();
  if (!sha256) {
    return fail(sha256.error().within(placed.role));
  }
  if (placed.taken == 0) {
    return fail(ErrorCode::malformed,
                std::string(placed.role) + ": " + path + ": nothing of it is in the enclave");
  }
  return InputRecord{std::string(placed.role),    path, file.size(), *sha256, placed.taken,
                     to_string(placed.extraction)};
}

std::string extraction_note(const InputRecord& input, Extraction extraction) {
  const std::string counts =
      std::to_string(input.taken) + " of " + std::to_string(input.size) + " bytes";
  return extraction == Extraction::text_section
             ? input.role + ": took the .text section of an ELF file, " + counts +
                   " (--loader-raw takes the file as it is)"
             : input.role + ": took the load segments of an ELF file, " + counts;
}

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
  KEYSTONE_TRY(auto eapp, open_input("eapp", request.eapp, options));
  KEYSTONE_TRY(auto runtime, open_input("runtime", request.runtime, options));
  KEYSTONE_TRY(auto loader, open_input("loader", request.loader, options));
  KEYSTONE_TRY(auto image, lay_out({eapp, runtime, loader, request.loader_raw}, request.profile));
  KEYSTONE_TRY(const auto measurement, measure(image));

  EnclaveRecord record{measurement, {}, {}, std::move(image.warnings)};
  const auto& [placed_loader, placed_runtime, placed_eapp] = image.placed;
  KEYSTONE_TRY(auto eapp_record, finish_input(request.eapp, eapp, placed_eapp));
  KEYSTONE_TRY(auto runtime_record, finish_input(request.runtime, runtime, placed_runtime));
  KEYSTONE_TRY(auto loader_record, finish_input(request.loader, loader, placed_loader));
  if (placed_loader.extraction != Extraction::whole_file) {
    record.notes.push_back(extraction_note(loader_record, placed_loader.extraction));
  }
  record.inputs = {std::move(eapp_record), std::move(runtime_record), std::move(loader_record)};
  return record;
}

Result<SmRecord> measure_sm_file(const SmRequest& request, const MeasureOptions& options) {
  KEYSTONE_TRY(const auto window,
               resolve_window({request.platform, request.base, request.size, request.fill}));
  KEYSTONE_TRY(auto file, open_input("image", request.image, options));
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
