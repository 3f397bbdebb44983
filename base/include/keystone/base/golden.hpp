// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Golden files: the hashes that a build host computed and that a verifier expects (in the words of
// RFC 9334, reference values). Format: docs/golden-files.md,
// test-vectors/schema/golden.schema.json. This part only reads and writes them: profile and
// platform names are opaque here, since a verifier does not measure.
namespace keystone {

// A file that was measured.
struct GoldenInput {
  std::string path;   // relative to the golden file's folder, with / between names
  FileDigest sha256;  // of the whole file
};

// What the host of a page-walk profile was told; absent: the profile's default. Sizes in bytes.
struct GoldenPageWalk {
  std::optional<std::uint64_t> untrusted_ptr;
  std::optional<std::uint64_t> untrusted_size;
  std::optional<std::uint64_t> stack_size;
  std::optional<std::uint64_t> freemem;
  std::optional<std::uint64_t> runtime_stack;
  std::optional<std::uint64_t> runtime_entry;
  std::optional<std::uint64_t> user_entry;
};

struct GoldenEnclave {
  std::string name;  // unique in the file, Security Monitors included
  std::string profile;
  GoldenInput eapp;
  GoldenInput runtime;
  std::optional<GoldenInput> loader;  // absent: an enclave of a page-walk profile
  bool loader_raw;                    // every file was taken as it is, ELF or not
  GoldenPageWalk page_walk;           // without a loader
  EnclaveHash hash;
};

struct GoldenSm {
  std::string name;                     // unique in the file, enclaves included
  std::optional<std::string> platform;  // absent: `base` and `size` are there
  GoldenInput image;
  std::optional<std::uint64_t> base;  // physical address of the measured window
  std::optional<std::uint64_t> size;  // of the measured window, in bytes
  std::optional<std::uint8_t> fill;   // the byte behind the image; absent: the platform's
  SmHash hash;
};

struct GoldenFile {
  std::vector<GoldenEnclave> enclaves;
  std::vector<GoldenSm> security_monitors;

  // Reads `text` strictly: `malformed` with the path of the place, or `limit_exceeded`.
  [[nodiscard]] static Result<GoldenFile> parse(std::string_view text);

  // The file's text: entries by name, a fixed order of keys, one line feed at the end. The same
  // entries give the same bytes. Fails with `malformed` for a name or path that is not UTF-8, and
  // with `limit_exceeded` for a file that parse() would not read.
  [[nodiscard]] Result<std::string> serialize() const;
};

// A name that an entry may have: 1 to 128 bytes without control characters, else `usage`.
[[nodiscard]] Status check_golden_name(std::string_view name);

}  // namespace keystone
