// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/progress.hpp"
#include "keystone/base/golden.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "keystone/measure/sm.hpp"

#include <optional>
#include <string>
#include <vector>

// From paths to measurements: the one place where this program opens what it measures.
namespace keystone::cli {

// The files of an enclave and how they are measured.
struct EnclaveRequest {
  std::string eapp;
  std::string runtime;
  std::string loader;  // empty with a page-walk profile, which has none
  Profile profile = kDefaultProfile;
  bool loader_raw = false;
  GoldenPageWalk page_walk{};     // with a page-walk profile: what was said about its host
  PageWalkPlacement placement{};  // likewise: where the enclave lies
};

// A firmware image and the window it is measured in, as the user chose it (see SmWindowRequest).
struct SmRequest {
  std::string image;
  std::optional<std::string> platform;
  std::optional<std::uint64_t> base;
  std::optional<std::uint64_t> size;
  std::optional<std::uint8_t> fill;
};

struct MeasureOptions {
  bool fingerprint = false;  // the SHA-256 of every input too
  Progress* progress = nullptr;
  bool regular_only = false;  // refuse pipes and devices: what is recorded must be there again
};

// What became of one input file.
struct InputRecord {
  std::string role;
  std::string path;
  std::uint64_t size;                // of the file, in bytes
  std::optional<FileDigest> sha256;  // if fingerprints were asked for
  std::uint64_t taken;               // bytes of it that are in the measured memory
  std::string_view extraction;       // "whole_file", "text_section", "load_segments", "cut"
};

struct EnclaveRecord {
  Measurement measurement;
  std::vector<InputRecord> inputs;             // eapp, runtime, and the loader if there is one
  std::optional<PageWalkArguments> page_walk;  // of a page-walk profile: what the monitor is told
  std::vector<std::string> notes;              // what was done to the inputs
  std::vector<std::string> warnings;
};

struct SmRecord {
  SmHash hash;
  SmWindow window;
  std::optional<std::string> platform;  // absent: a window of the user's own
  InputRecord image;
  std::vector<std::string> notes;     // what was done to the image
  std::vector<std::string> warnings;  // what looks like a mistake
};

// Fail as InputFile::open(), lay_out(), resolve_window() and so on do; messages name the input.
[[nodiscard]] Result<EnclaveRecord> measure_enclave_files(const EnclaveRequest& request,
                                                          const MeasureOptions& options);
[[nodiscard]] Result<SmRecord> measure_sm_file(const SmRequest& request,
                                               const MeasureOptions& options);

}  // namespace keystone::cli
