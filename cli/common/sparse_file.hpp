// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"

#include <cstdint>
#include <string>

namespace keystone::cli {

// A large file that is written from its start, with holes where there are whole pages of zeros. It
// appears under its name as a whole, by commit(), or not at all; until then, what was there stays.
// A symbolic link is followed and stays, and an existing file's mode is kept. Standard output
// (`-`), devices, pipes and files without a name are written to as they are, without holes.
class SparseFile {
 public:
  // Fails with `unwritable`, also for a link that leads nowhere.
  [[nodiscard]] static Result<SparseFile> create(const std::string& path);
  ~SparseFile();
  SparseFile(SparseFile&& other) noexcept;
  SparseFile& operator=(SparseFile&&) = delete;

  // Adds to the end. After a failure (`unwritable`), only destroy it.
  [[nodiscard]] Status append(ByteView bytes);

  // Flushes all of it to disk and gives it its name. To be called once, at the end.
  [[nodiscard]] Status commit();

 private:
  explicit SparseFile(std::string shown) : shown_(std::move(shown)) {}

  // What create() makes, by what is at the path.
  [[nodiscard]] static Result<SparseFile> to_stdout();
  [[nodiscard]] static Result<SparseFile> in_place(const std::string& path);
  [[nodiscard]] static Result<SparseFile> beside(const std::string& path, std::string target);

  [[nodiscard]] bool skip_page();

  std::string shown_;      // the name in messages
  std::string target_;     // where the file is to appear
  std::string temporary_;  // empty: written in place, or committed
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace keystone::cli
