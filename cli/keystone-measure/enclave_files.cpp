// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/enclave_files.hpp"

#include "keystone/base/assert.hpp"

namespace keystone::cli {
namespace {

std::string extraction_note(const InputRecord& input, Extraction extraction) {
  const std::string counts =
      std::to_string(input.taken) + " of " + std::to_string(input.size) + " bytes";
  return extraction == Extraction::text_section
             ? input.role + ": took the .text section of an ELF file, " + counts +
                   " (--loader-raw takes the file as it is)"
             : input.role + ": took the load segments of an ELF file, " + counts;
}

Result<InputRecord> record_of(std::string_view role, const std::string& path, MeasuredFile& file,
                              std::uint64_t taken, std::string_view extraction) {
  const auto sha256 = file.finish();
  if (!sha256) {
    return fail(sha256.error().within(role));
  }
  return InputRecord{std::string(role), path, file.size(), *sha256, taken, extraction};
}

Result<InputRecord> record_of(const std::string& path, MeasuredFile& file,
                              const PlacedInput& placed) {
  KEYSTONE_TRY(auto record,
               record_of(placed.role, path, file, placed.taken, to_string(placed.extraction)));
  if (placed.taken == 0) {
    return fail(ErrorCode::malformed,
                std::string(placed.role) + ": " + path + ": nothing of it is in the enclave");
  }
  return record;
}

// The bytes of a file that the pages of that role hold.
std::uint64_t bytes_taken(const PageWalkImage& image, PageRole role) {
  const PageWalkArguments& arguments = image.arguments();
  std::uint64_t taken = 0;
  for (std::uint64_t page = arguments.epm_base; page < arguments.free_base; page += kPageSize) {
    const PageContent& content = image.content(page);
    taken += content.role == role ? content.size : 0;
  }
  return taken;
}

}  // namespace

PageWalkParameters parameters_of(const EnclaveRequest& request) {
  PageWalkParameters parameters = default_parameters(request.profile);
  const GoldenPageWalk& given = request.page_walk;
  parameters.untrusted_ptr = given.untrusted_ptr.value_or(parameters.untrusted_ptr);
  parameters.untrusted_size = given.untrusted_size.value_or(parameters.untrusted_size);
  parameters.stack_size = given.stack_size.value_or(parameters.stack_size);
  parameters.freemem = given.freemem.value_or(parameters.freemem);
  parameters.runtime_stack = given.runtime_stack.value_or(parameters.runtime_stack);
  parameters.runtime_entry = given.runtime_entry.value_or(parameters.runtime_entry);
  parameters.user_entry = given.user_entry ? given.user_entry : parameters.user_entry;
  return parameters;
}

Result<std::unique_ptr<EnclaveFiles>> EnclaveFiles::open(const EnclaveRequest& request,
                                                         const MeasureOptions& options) {
  KEYSTONE_TRY(auto eapp, MeasuredFile::open("eapp", request.eapp, options));
  KEYSTONE_TRY(auto runtime, MeasuredFile::open("runtime", request.runtime, options));
  std::optional<MeasuredFile> loader;
  if (info(request.profile).scheme == Scheme::loader) {
    KEYSTONE_TRY(loader, MeasuredFile::open("loader", request.loader, options));
  }
  std::unique_ptr<EnclaveFiles> files(
      new EnclaveFiles(request, std::move(eapp), std::move(runtime), std::move(loader)));
  KEYSTONE_TRY(files->image_, files->lay_out_files());
  return files;
}

Result<EnclaveFiles::Image> EnclaveFiles::lay_out_files() const {
  if (loader_) {
    KEYSTONE_TRY(auto image, lay_out(loader_inputs(), request_.profile));
    return Image(std::move(image));
  }
  PageWalkPlacement placement = request_.placement;
  KEYSTONE_TRY(auto image, lay_out(PageWalkInputs{eapp_, runtime_}, request_.profile,
                                   parameters_of(request_), placement));
  return Image(std::move(image));
}

Result<Measurement> EnclaveFiles::measure() const {
  return std::visit([](const auto& image) { return keystone::measure(image); }, *image_);
}

Result<MeasuredStream> EnclaveFiles::stream() const {
  return std::visit([](const auto& image) { return measured_stream(image); }, *image_);
}

Result<Explanation> EnclaveFiles::explain(const ExplainOptions& options) const {
  if (const auto* const image = std::get_if<EnclaveImage>(&*image_)) {
    return keystone::explain(loader_inputs(), *image, options);
  }
  return keystone::explain(PageWalkInputs{eapp_, runtime_}, std::get<PageWalkImage>(*image_),
                           options);
}

Result<EnclaveRecord> EnclaveFiles::finish(const Measurement& measurement) {
  if (auto* const image = std::get_if<EnclaveImage>(&*image_)) {
    return finish_loader_scheme(*image, measurement);
  }
  return finish_page_walk(std::get<PageWalkImage>(*image_), measurement);
}

Result<EnclaveRecord> EnclaveFiles::finish_loader_scheme(EnclaveImage& image,
                                                         const Measurement& measurement) {
  const auto& [placed_loader, placed_runtime, placed_eapp] = image.placed;
  EnclaveRecord record{measurement, {}, {}, {}, image.warnings};
  KEYSTONE_TRY(auto eapp, record_of(request_.eapp, eapp_, placed_eapp));
  KEYSTONE_TRY(auto runtime, record_of(request_.runtime, runtime_, placed_runtime));
  KEYSTONE_TRY(auto loader, record_of(request_.loader, *loader_, placed_loader));
  if (placed_loader.extraction != Extraction::whole_file) {
    record.notes.push_back(extraction_note(loader, placed_loader.extraction));
  }
  record.inputs = {std::move(eapp), std::move(runtime), std::move(loader)};
  return record;
}

Result<EnclaveRecord> EnclaveFiles::finish_page_walk(const PageWalkImage& image,
                                                     const Measurement& measurement) {
  const auto word = to_string(Extraction::load_segments);
  EnclaveRecord record{measurement, {}, image.arguments(), {}, image.warnings()};
  KEYSTONE_TRY(auto eapp,
               record_of("eapp", request_.eapp, eapp_, bytes_taken(image, PageRole::eapp), word));
  KEYSTONE_TRY(auto runtime, record_of("runtime", request_.runtime, runtime_,
                                       bytes_taken(image, PageRole::runtime), word));
  record.inputs = {std::move(eapp), std::move(runtime)};
  return record;
}

}  // namespace keystone::cli
