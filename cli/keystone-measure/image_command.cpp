// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/image_command.hpp"

#include "common/answer.hpp"
#include "common/json_text.hpp"
#include "common/sparse_file.hpp"
#include "keystone-measure/enclave_files.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/number.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using Json = nlohmann::ordered_json;

// The memory to be written, and what the monitor is told about it.
struct Written {
  const MemoryView& memory;
  std::uint64_t start;  // where it begins in that view
  std::uint64_t size;   // up to the free address
  Json arguments;
};

// The loader scheme's image starts at 0, wherever it is to lie.
Result<Written> written(const EnclaveImage& image, const PageWalkPlacement& placement) {
  const std::uint64_t base = placement.epm_base;
  const std::uint64_t needed = image.window.free_base;
  const std::uint64_t size = placement.epm_size.value_or(needed);
  const auto end = checked_add(base, size);
  if ((base | size) % kPageSize != 0 || !end ||
      (info(image.profile).word == Word::bits32 && *end > UINT32_MAX)) {
    return fail(ErrorCode::usage, "placement: got private memory of " + to_hex_number(size) +
                                      " bytes at " + to_hex_number(base) +
                                      ", want whole pages of the address space");
  }
  if (size < needed) {
    return fail(ErrorCode::limit_exceeded, "enclave private memory: got " + std::to_string(size) +
                                               " bytes, want " + std::to_string(needed) +
                                               " or more");
  }
  return Written{image.memory,
                 image.window.dram_base,
                 needed,
                 {{"epm_base", to_hex_number(base)},
                  {"epm_size", to_hex_number(size)},
                  {"runtime", to_hex_number(base + image.window.runtime_base)},
                  {"user", to_hex_number(base + image.window.user_base)},
                  {"free", to_hex_number(base + needed)}}};
}

Result<Written> written(const PageWalkImage& image, const PageWalkPlacement&) {
  const PageWalkArguments& a = image.arguments();
  return Written{image.memory(),
                 a.epm_base,
                 a.free_base - a.epm_base,
                 {{"epm_base", to_hex_number(a.epm_base)},
                  {"epm_size", to_hex_number(a.epm_size)},
                  {"utm_base", to_hex_number(a.utm_base)},
                  {"utm_size", to_hex_number(a.utm_size)},
                  {"runtime", to_hex_number(a.runtime_base)},
                  {"user", to_hex_number(a.user_base)},
                  {"free", to_hex_number(a.free_base)},
                  {"runtime_entry", to_hex_number(a.runtime_entry)},
                  {"user_entry", to_hex_number(a.user_entry)},
                  {"untrusted_ptr", to_hex_number(a.untrusted_ptr)},
                  {"untrusted_size", to_hex_number(a.untrusted_size)}}};
}

// The memory in a file that is still to be committed.
Result<SparseFile> write_memory(const std::string& path, const Written& image) {
  constexpr std::uint64_t kChunk = std::uint64_t{1} << 20U;
  KEYSTONE_TRY(auto file, SparseFile::create(path));
  std::vector<std::uint8_t> buffer(narrow<std::size_t>(std::min(kChunk, image.size)));
  for (std::uint64_t done = 0; done < image.size;) {
    const auto count = narrow<std::size_t>(std::min(kChunk, image.size - done));
    const auto chunk = std::span(buffer).first(count);
    KEYSTONE_CHECK_OK(image.memory.read(image.start + done, chunk));
    KEYSTONE_CHECK_OK(file.append(chunk));
    done += count;
  }
  return file;
}

std::string map_of(const EnclaveRecord& record, const Written& image) {
  return json_text({{"schema", "keystone.image/1"},
                    {"profile", info(record.measurement.profile).name},
                    {"hash", record.measurement.hash.hex()},
                    {"image_size", image.size},
                    {"create", image.arguments},
                    {"notes", record.notes},
                    {"warnings", record.warnings}});
}

// What is done while there is a progress bar.
struct Made {
  EnclaveRecord record;
  std::optional<SparseFile> file;  // to be committed
  std::string map;
};

Result<Made> make_image(const ImageCommand& command) {
  const EnclaveRequest& request = command.request;
  const std::string& output = command.common.output;
  Progress progress(!command.common.quiet);
  KEYSTONE_TRY(const auto files, EnclaveFiles::open(request, {false, &progress}));
  KEYSTONE_TRY(const auto measurement, files->measure());
  KEYSTONE_TRY(
      const auto image,
      std::visit([&](const auto& laid_out) { return written(laid_out, request.placement); },
                 files->image()));
  std::optional<SparseFile> file;
  if (!output.empty()) {
    KEYSTONE_TRY(auto memory, write_memory(output, image));
    file.emplace(std::move(memory));
  }
  KEYSTONE_TRY(auto record, files->finish(measurement));
  std::string map = map_of(record, image);
  return Made{std::move(record), std::move(file), std::move(map)};
}

}  // namespace

Status write_image(const ImageCommand& command, const Console& console) {
  const EnclaveRequest& request = command.request;
  KEYSTONE_CHECK_OK(
      refuse_overwriting(command.common.output, {request.eapp, request.runtime, request.loader}));
  KEYSTONE_TRY(auto made, make_image(command));
  console.notes(made.record.notes);
  console.warnings(made.record.warnings);
  if (command.map) {
    KEYSTONE_CHECK_OK(write_answer("", made.map));
  }
  return made.file ? made.file->commit() : Status();
}

}  // namespace keystone::cli
