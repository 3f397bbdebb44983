// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/progress.hpp"
#include "keystone/base/descriptor.hpp"
#include "keystone/base/hashes.hpp"
#include "keystone/base/result.hpp"
#include "keystone/crypto/digest.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace keystone::cli {

// The most that is read from a pipe, in bytes: it goes to a temporary file first, since sizes come
// before contents in what is measured.
inline constexpr std::uint64_t kMaxSpooled = std::uint64_t{4} << 30U;

// A file that is read with read(2) and never mapped: one that is cut meanwhile is an error and not
// a signal.
class InputFile {
 public:
  struct Options {
    bool fingerprint = false;      // compute the SHA-256 of the whole file on the way
    Progress* progress = nullptr;  // told of every byte; must outlive the file
    std::uint64_t max_spooled = kMaxSpooled;
    bool regular_only = false;  // refuse pipes and devices, without waiting for a writer
  };

  // Opens `path` for reading; `-` is standard input. A pipe or a device is spooled. `unreadable`
  // for what is missing, not permitted or a directory; `malformed` for an empty file;
  // `limit_exceeded` for more than max_spooled bytes in a pipe. Messages name the path.
  [[nodiscard]] static Result<std::unique_ptr<InputFile>> open(const std::string& path,
                                                               Options options);

  // In bytes, as at open().
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Fills all of `out` with the bytes at `offset`, which must lie below size(). `unreadable` if
  // they are not there any more.
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const;

  // After the last read_at(): reads what the fingerprint still lacks, and makes sure that the file
  // is what it was at open(); `unreadable` if it changed. The digest is there if it was asked for.
  [[nodiscard]] Result<std::optional<FileDigest>> finish();

 private:
  InputFile(std::string path, Descriptor file, Options options);

  [[nodiscard]] Status spool();
  [[nodiscard]] Status examine();
  [[nodiscard]] Status check_unchanged() const;
  [[nodiscard]] Status read_unseen(std::uint64_t offset, std::span<std::uint8_t> out) const;

  std::string path_;
  Descriptor file_;
  Options options_;
  std::uint64_t size_ = 0;
  struct stat at_open_ {};

  // The fingerprint grows while reads go through the file from its start; finish() does the rest.
  mutable std::optional<Sha256> fingerprint_;
  mutable std::uint64_t fingerprinted_ = 0;
};

// As InputFile::open(), and `limit_exceeded` for more than `most` bytes.
[[nodiscard]] Result<std::unique_ptr<InputFile>> open_limited(const std::string& path,
                                                              std::uint64_t most,
                                                              Progress* progress = nullptr);

// All of the file at `path`. Fails as InputFile does; `limit_exceeded` for more than `most` bytes,
// which are then not read.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(const std::string& path,
                                                          std::uint64_t most);

}  // namespace keystone::cli
