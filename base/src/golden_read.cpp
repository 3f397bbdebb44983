// SPDX-License-Identifier: Apache-2.0
#include "golden_keys.hpp"
#include "keystone/base/json.hpp"
#include "keystone/base/text.hpp"

#include <set>

namespace keystone {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestPath = 4096;

Result<std::string> plain_text_at(const JsonObject& object, std::string_view key,
                                  std::size_t most) {
  KEYSTONE_TRY(auto text, object.string_at(key));
  if (!is_plain_text(text, most)) {
    return fail(ErrorCode::malformed, object.path_of(key) + ": got " + std::to_string(text.size()) +
                                          " bytes, want 1 to " + std::to_string(most) +
                                          " without control characters");
  }
  return text;
}

Result<GoldenInput> read_input(const JsonObject& inputs, std::string_view role) {
  KEYSTONE_TRY(const auto object, inputs.object_at(role));
  KEYSTONE_TRY(auto path, plain_text_at(object, "path", kLongestPath));
  if (path.front() == '/') {
    return fail(ErrorCode::malformed,
                object.path_of("path") + ": got an absolute path, want one relative to this file");
  }
  KEYSTONE_TRY(const auto digest, object.string_at("sha256"));
  KEYSTONE_TRY(const auto sha256, FileDigest::from_hex(object.path_of("sha256"), digest));
  KEYSTONE_CHECK_OK(object.no_others());
  return GoldenInput{std::move(path), sha256};
}

template <class Hash>
Result<Hash> read_hash(const JsonObject& entry) {
  KEYSTONE_TRY(const auto text, entry.string_at("hash"));
  return Hash::from_hex(entry.path_of("hash"), text);
}

// A parameter spelt as options spell it: "0x80000000".
Result<std::optional<std::uint64_t>> number_if_there(const JsonObject& object, std::string_view key,
                                                     NumberRange range) {
  if (!object.has(key)) {
    return std::optional<std::uint64_t>();
  }
  KEYSTONE_TRY(const auto text, object.string_at(key));
  const auto number = parse_unsigned(object.path_of(key), text, range);
  if (!number) {
    return fail(ErrorCode::malformed, number.error().message, number.error().hint);
  }
  return std::optional(*number);
}

Result<GoldenPageWalk> read_page_walk(const JsonObject& parameters) {
  GoldenPageWalk page_walk;
  for (const GoldenPageWalkKey& known : kGoldenPageWalkKeys) {
    KEYSTONE_TRY(page_walk.*known.value, number_if_there(parameters, known.key, {}));
  }
  return page_walk;
}

Result<GoldenEnclave> read_enclave(const JsonObject& entry) {
  KEYSTONE_TRY(auto name, plain_text_at(entry, "name", kLongestName));
  KEYSTONE_TRY(auto profile, plain_text_at(entry, "profile", kLongestName));
  KEYSTONE_TRY(const auto inputs, entry.object_at("inputs"));
  KEYSTONE_TRY(auto eapp, read_input(inputs, "eapp"));
  KEYSTONE_TRY(auto runtime, read_input(inputs, "runtime"));
  KEYSTONE_TRY(const auto parameters, entry.object_at("parameters"));
  std::optional<GoldenInput> loader;
  bool loader_raw = false;
  GoldenPageWalk page_walk;
  // Either tells an enclave with a loader; the other must then be there, too.
  if (inputs.has("loader") || parameters.has("loader_raw")) {
    KEYSTONE_TRY(loader, read_input(inputs, "loader"));
    KEYSTONE_TRY(loader_raw, parameters.bool_at("loader_raw"));
  } else {
    KEYSTONE_TRY(page_walk, read_page_walk(parameters));
  }
  KEYSTONE_CHECK_OK(inputs.no_others());
  KEYSTONE_CHECK_OK(parameters.no_others());
  KEYSTONE_TRY(const auto hash, read_hash<EnclaveHash>(entry));
  KEYSTONE_CHECK_OK(entry.no_others());
  return GoldenEnclave{std::move(name),   std::move(profile), std::move(eapp), std::move(runtime),
                       std::move(loader), loader_raw,         page_walk,       hash};
}

Result<GoldenSm> read_sm(const JsonObject& entry) {
  KEYSTONE_TRY(auto name, plain_text_at(entry, "name", kLongestName));
  std::optional<std::string> platform;
  if (entry.has("platform")) {
    KEYSTONE_TRY(platform, plain_text_at(entry, "platform", kLongestName));
  }
  KEYSTONE_TRY(const auto inputs, entry.object_at("inputs"));
  KEYSTONE_TRY(auto image, read_input(inputs, "image"));
  KEYSTONE_CHECK_OK(inputs.no_others());
  KEYSTONE_TRY(const auto parameters, entry.object_at("parameters"));
  KEYSTONE_TRY(const auto base, number_if_there(parameters, "base", {}));
  KEYSTONE_TRY(const auto size, number_if_there(parameters, "size", {}));
  KEYSTONE_TRY(const auto fill, number_if_there(parameters, "fill", {0, 255}));
  KEYSTONE_CHECK_OK(parameters.no_others());
  if (!platform && !(base && size)) {
    return fail(ErrorCode::malformed,
                entry.path_of("platform") + ": missing, and so is a window of base and size");
  }
  KEYSTONE_TRY(const auto hash, read_hash<SmHash>(entry));
  KEYSTONE_CHECK_OK(entry.no_others());
  const auto fill_byte =
      fill ? std::optional(static_cast<std::uint8_t>(*fill)) : std::optional<std::uint8_t>();
  return GoldenSm{
      std::move(name), std::move(platform), std::move(image), base, size, fill_byte, hash};
}

template <class Entry>
Status read_entries(const JsonObject& root, std::string_view key,
                    Result<Entry> (*read)(const JsonObject&), std::vector<Entry>& entries,
                    std::set<std::string>& names) {
  KEYSTONE_TRY(const auto objects, root.objects_at(key));
  for (const JsonObject& object : objects) {
    KEYSTONE_TRY(auto entry, read(object));
    if (!names.insert(entry.name).second) {
      return fail(ErrorCode::malformed,
                  object.path_of("name") + ": got '" + printable(entry.name) + "' a second time");
    }
    entries.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

Result<GoldenFile> GoldenFile::parse(std::string_view text) {
  KEYSTONE_TRY(const auto root, parse_json_object(text));
  KEYSTONE_TRY(const auto schema, root.string_at("schema"));
  if (schema != kGoldenSchema) {
    return fail(ErrorCode::malformed, "schema: got '" + printable(schema) + "', want '" +
                                          std::string(kGoldenSchema) + "'");
  }
  GoldenFile file;
  std::set<std::string> names;
  KEYSTONE_CHECK_OK(read_entries(root, "enclaves", read_enclave, file.enclaves, names));
  KEYSTONE_CHECK_OK(
      read_entries(root, "security_monitors", read_sm, file.security_monitors, names));
  KEYSTONE_CHECK_OK(root.no_others());
  return file;
}

Status check_golden_name(std::string_view name) {
  if (!is_plain_text(name, kLongestName)) {
    return fail(ErrorCode::usage, "name: got " + std::to_string(name.size()) +
                                      " bytes, want 1 to " + std::to_string(kLongestName) +
                                      " without control characters");
  }
  return {};
}

}  // namespace keystone
