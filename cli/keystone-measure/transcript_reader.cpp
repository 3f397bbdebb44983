// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/transcript.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/number.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>
#include <array>

namespace keystone::cli {
namespace {

constexpr JsonLimits kLimits = {kMaxTranscript, 4'000'000, 8, false};
constexpr std::uint64_t kMaxMemory = std::uint64_t{1} << 39U;  // bytes: what Sv39 maps
constexpr std::array<std::string_view, 3> kFileRoles = {"loader", "runtime", "eapp"};
constexpr std::array kZeros = {Zeros::none, Zeros::padding, Zeros::bss, Zeros::stack,
                               Zeros::untrusted};

tl::unexpected<Error> malformed(const JsonObject& object, std::string_view key,
                                const std::string& got, std::string_view want) {
  return fail(ErrorCode::malformed,
              object.path_of(key) + ": got " + got + ", want " + std::string(want));
}

Result<std::uint64_t> address_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  const auto number = parse_unsigned(object.path_of(key), text);
  return number ? number
                : Result<std::uint64_t>(fail(ErrorCode::malformed, number.error().message));
}

template <class Digest>
Result<Digest> digest_at(const JsonObject& object, std::string_view key) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  return Digest::from_hex(object.path_of(key), text);
}

// One of the names of a closed list, as that list has it.
Result<std::string_view> name_at(const JsonObject& object, std::string_view key,
                                 std::span<const std::string_view> names) {
  KEYSTONE_TRY(const auto text, object.string_at(key));
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    return malformed(object, key, "'" + printable(text) + "'", "a name that its profile has");
  }
  return *found;
}

Result<std::vector<TranscriptInput>> read_inputs(const JsonObject& document) {
  KEYSTONE_TRY(const auto objects, document.objects_at("inputs"));
  std::vector<TranscriptInput> inputs;
  for (const JsonObject& object : objects) {
    KEYSTONE_TRY(const auto role, name_at(object, "role", kFileRoles));
    KEYSTONE_TRY(auto path, object.string_at("path"));
    KEYSTONE_TRY(const auto sha256, digest_at<FileDigest>(object, "sha256"));
    KEYSTONE_CHECK_OK(object.unsigned_at("size"));
    KEYSTONE_CHECK_OK(object.unsigned_at("taken"));
    KEYSTONE_CHECK_OK(object.string_at("extraction"));
    KEYSTONE_CHECK_OK(object.no_others());
    inputs.push_back({std::string(role), std::move(path), sha256});
  }
  return inputs;
}

Result<std::vector<MeasuredWord>> read_words(const JsonObject& document, Scheme scheme) {
  KEYSTONE_TRY(const auto objects, document.objects_at("words"));
  const auto names = word_names(scheme);
  if (objects.size() != names.size()) {
    return malformed(document, "words", std::to_string(objects.size()),
                     std::to_string(names.size()) + " of them");
  }
  std::vector<MeasuredWord> words;
  for (std::size_t i = 0; i < names.size(); ++i) {
    KEYSTONE_TRY(const auto name, name_at(objects[i], "name", names.subspan(i, 1)));
    KEYSTONE_TRY(const auto value, address_at(objects[i], "value"));
    KEYSTONE_CHECK_OK(objects[i].no_others());
    words.push_back({name, value});
  }
  return words;
}

Result<Zeros> zeros_at(const JsonObject& object) {
  KEYSTONE_TRY(const auto text, object.string_at("zeros"));
  const auto found = std::find_if(kZeros.begin(), kZeros.end(),
                                  [&](Zeros zeros) { return to_string(zeros) == text; });
  if (found == kZeros.end()) {
    return malformed(object, "zeros", "'" + printable(text) + "'",
                     "none, padding, bss, stack or untrusted");
  }
  return *found;
}

Result<MeasuredRange> read_range(const JsonObject& object) {
  MeasuredRange range{};
  KEYSTONE_TRY(range.address, address_at(object, "address"));
  KEYSTONE_TRY(range.size, object.unsigned_at("size", {kPageSize, kMaxMemory}));
  KEYSTONE_TRY(range.role, name_at(object, "role", role_names()));
  KEYSTONE_TRY(range.starts_run, object.bool_at("address_is_measured"));
  KEYSTONE_TRY(range.zeros_before, object.unsigned_at("zeros_before", {0, range.size}));
  KEYSTONE_TRY(range.file_bytes,
               object.unsigned_at("file_bytes", {0, range.size - range.zeros_before}));
  KEYSTONE_TRY(range.file_offset, address_at(object, "file_offset"));
  if (object.has("segment")) {
    KEYSTONE_TRY(range.segment, object.unsigned_at("segment", {0, UINT16_MAX}));
  }
  KEYSTONE_TRY(range.sections, object.string_at("sections"));
  KEYSTONE_TRY(range.zeros, zeros_at(object));
  if (range.address % kPageSize != 0 || range.size % kPageSize != 0) {
    return malformed(object, "address", "a part of a page", "whole pages");
  }
  if (!checked_add(range.address, range.size - 1)) {
    return malformed(object, "size", std::to_string(range.size), "an end in the address space");
  }
  return range;
}

Status add_pages(const JsonObject& object, Explanation& explanation) {
  const MeasuredRange& range = explanation.ranges.back();
  KEYSTONE_TRY(const auto objects, object.objects_at("pages"));
  if (objects.size() != range.size / kPageSize) {
    return malformed(object, "pages", std::to_string(objects.size()),
                     std::to_string(range.size / kPageSize) + ", as of the range's size");
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    KEYSTONE_TRY(const auto sha256, digest_at<FileDigest>(objects[i], "sha256"));
    MeasuredPage page{range.address + i * kPageSize, explanation.ranges.size() - 1, sha256, {}};
    if (objects[i].has("symbol")) {
      KEYSTONE_TRY(page.symbol, objects[i].string_at("symbol"));
    }
    KEYSTONE_CHECK_OK(objects[i].no_others());
    explanation.pages.push_back(std::move(page));
  }
  return {};
}

// Pages are there for all ranges, or for none.
Status read_ranges(const JsonObject& document, Explanation& explanation) {
  KEYSTONE_TRY(const auto objects, document.objects_at("ranges"));
  std::uint64_t total = 0;
  const bool with_pages = !objects.empty() && objects.front().has("pages");
  for (const JsonObject& object : objects) {
    KEYSTONE_TRY(auto range, read_range(object));
    total += range.size;  // of at most 2^22 ranges: does not wrap
    if (total > kMaxMemory) {
      return malformed(object, "size", "more memory in all", "at most 512 GiB");
    }
    explanation.ranges.push_back(std::move(range));
    if (with_pages) {
      KEYSTONE_CHECK_OK(add_pages(object, explanation));
    }
    KEYSTONE_CHECK_OK(object.no_others());
  }
  return {};
}

Status read_functions(const JsonObject& document, Explanation& explanation) {
  if (explanation.pages.empty()) {
    return {};  // what stands there is an unknown key
  }
  KEYSTONE_TRY(const auto objects, document.objects_at("functions"));
  for (const JsonObject& object : objects) {
    KEYSTONE_TRY(const auto role, name_at(object, "role", kFileRoles));
    KEYSTONE_TRY(auto name, object.string_at("name"));
    KEYSTONE_TRY(const auto address, address_at(object, "address"));
    KEYSTONE_TRY(const auto size, object.unsigned_at("size"));
    KEYSTONE_TRY(const auto sha256, digest_at<FileDigest>(object, "sha256"));
    KEYSTONE_CHECK_OK(object.no_others());
    explanation.functions.push_back({role, std::move(name), address, size, sha256});
  }
  KEYSTONE_TRY(explanation.functions_left_out, document.unsigned_at("functions_left_out"));
  return {};
}

Result<Profile> profile_at(const JsonObject& document) {
  KEYSTONE_TRY(const auto name, document.string_at("profile"));
  const auto profile = profile_from_name(name);
  return profile ? profile
                 : Result<Profile>(
                       fail(ErrorCode::malformed, profile.error().message, profile.error().hint));
}

Status check_header(const JsonObject& document) {
  KEYSTONE_TRY(const auto schema, document.string_at("schema"));
  if (schema != "keystone.explain/1") {
    return malformed(document, "schema", "'" + printable(schema) + "'", "keystone.explain/1");
  }
  KEYSTONE_TRY(const auto algorithm, document.string_at("hash_algorithm"));
  if (algorithm != "sha3-512") {
    return malformed(document, "hash_algorithm", "'" + printable(algorithm) + "'", "sha3-512");
  }
  for (const std::string_view said_to_people : {"notes", "warnings", "not_measured"}) {
    (void)document.has(said_to_people);
  }
  return {};
}

}  // namespace

Result<Transcript> parse_transcript(std::string_view text) {
  KEYSTONE_TRY(const auto document, parse_json_object(text, kLimits));
  KEYSTONE_CHECK_OK(check_header(document));
  KEYSTONE_TRY(const auto profile, profile_at(document));
  KEYSTONE_TRY(const auto hash, digest_at<EnclaveHash>(document, "hash"));
  Transcript transcript{{}, {{profile, hash}, {}, {}, {}, {}, 0}};
  KEYSTONE_TRY(transcript.inputs, read_inputs(document));
  KEYSTONE_TRY(transcript.explanation.words, read_words(document, info(profile).scheme));
  KEYSTONE_CHECK_OK(read_ranges(document, transcript.explanation));
  KEYSTONE_CHECK_OK(read_functions(document, transcript.explanation));
  KEYSTONE_CHECK_OK(document.no_others());
  return transcript;
}

}  // namespace keystone::cli
