// SPDX-License-Identifier: Apache-2.0
#include "common/kept_file.hpp"
#include "keystone-attest/emulate_negatives.hpp"
#include "keystone/base/descriptor.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli::attest {
namespace {

namespace fs = std::filesystem;

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// What was made on the way: removed again, the last first, unless it is kept. All functions say
// whether they could; if not, errno says why.
class Making {
 public:
  Making() = default;
  ~Making() {
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) {
      std::error_code ignored;
      fs::remove(*path, ignored);
    }
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

  [[nodiscard]] bool folder(const fs::path& path) {
    const bool done = ::mkdir(path.c_str(), 0777) == 0;  // less the umask
    if (done) {
      made_.push_back(path);
    }
    return done;
  }

  // The files below `root`, in the folders that they name.
  [[nodiscard]] bool files(const fs::path& root, const std::vector<NegativesFile>& files) {
    std::set<fs::path> folders = {root};
    for (const NegativesFile& each : files) {
      const fs::path path = root / each.name;
      const fs::path parent = path.parent_path();
      if ((folders.insert(parent).second && !folder(parent)) || !file(path, each.content)) {
        return false;
      }
    }
    return true;
  }

  void keep() { made_.clear(); }

 private:
  [[nodiscard]] bool file(const fs::path& path, const std::string& content) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::open(path.c_str(), kFlags, 0666));
    if (!file.is_open()) {
      return false;
    }
    made_.push_back(path);
    return file.write_all(bytes_of(content)) && file.close();
  }

  std::vector<fs::path> made_;
};

tl::unexpected<Error> unwritable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::unwritable, path + ": cannot write: " + why);
}

// A folder that is there stays what it is: others may be in it, or something mounted on it.
Status fill(const std::string& path, const std::vector<NegativesFile>& files) {
  Making making;
  if (!making.files(path, files)) {
    return unwritable(path, std::strerror(errno));
  }
  making.keep();
  return {};
}

Status make(const std::string& path, const fs::path& target,
            const std::vector<NegativesFile>& files) {
  const fs::path temporary = target.string() + ".tmp." + std::to_string(::getpid());
  Making making;
  if (!making.folder(temporary) || !making.files(temporary, files) ||
      std::rename(temporary.c_str(), target.c_str()) != 0) {
    return unwritable(path, std::strerror(errno));
  }
  making.keep();
  return {};
}

}  // namespace

Status write_negatives(const std::string& path, const std::vector<NegativesFile>& files) {
  if (!is_there(path)) {
    auto target = without_links(path);
    if (!target) {
      return unwritable(path, target.error().message);
    }
    // Without the slash at the end, behind which nothing else can have its name.
    return make(path, target->has_filename() ? *target : target->parent_path(), files);
  }
  std::error_code problem;
  const bool is_empty = fs::is_directory(path, problem) && fs::is_empty(path, problem);
  if (problem) {
    return unwritable(path, problem.message());
  }
  if (!is_empty) {
    return fail(ErrorCode::unwritable,
                path + ": is there already, want a new folder or an empty one");
  }
  return fill(path, files);
}

}  // namespace keystone::cli::attest
