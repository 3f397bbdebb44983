// SPDX-License-Identifier: Apache-2.0
#include "attestd/private_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::server::attestd {
namespace {

tl::unexpected<Error> unreadable(const std::string& shown, const std::string& why,
                                 std::string hint = {}) {
  return fail(ErrorCode::unreadable, shown + ": " + why, std::move(hint));
}

tl::unexpected<Error> unwritable(const std::string& shown, int error) {
  return fail(ErrorCode::unwritable, shown + ": cannot write: " + std::strerror(error));
}

std::string octal(mode_t mode) {
  std::array<char, 8> digits{};
  std::size_t first = digits.size();
  for (auto rest = static_cast<unsigned>(mode & 07777U); first > digits.size() - 4; rest >>= 3U) {
    digits[--first] = static_cast<char>('0' + (rest & 7U));
  }
  return {digits.data() + first, digits.size() - first};
}

Status check_private(const std::string& shown, const struct stat& status, const char* want) {
  if (status.st_uid != ::geteuid()) {
    return unreadable(shown, "owner: got " + std::to_string(status.st_uid) + ", want " +
                                 std::to_string(::geteuid()));
  }
  if ((status.st_mode & 077U) != 0) {
    return unreadable(shown, "mode: got " + octal(status.st_mode) + ", want " + want,
                      std::string("chmod ") + want + "; others may have read it");
  }
  return {};
}

// How many bytes of `out` were filled before the file ended; -1: errno says why not.
ssize_t read_up_to(const Descriptor& file, std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t count = ::read(file.get(), out.data() + filled, out.size() - filled);
    if (count == 0) {
      break;
    }
    if (count < 0 && errno != EINTR) {
      return -1;
    }
    filled += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return static_cast<ssize_t>(filled);
}

}  // namespace

Result<Descriptor> open_private_folder(const std::string& path, bool make) {
  if (make && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return unwritable(path, errno);
  }
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!folder.is_open() || ::fstat(folder.get(), &status) != 0) {
    return unreadable(path, std::string("cannot open: ") + std::strerror(errno));
  }
  KEYSTONE_CHECK_OK(check_private(path, status, "0700"));
  return folder;
}

Result<SecretBytes> read_private_file(const Descriptor& folder, const std::string& name,
                                      const std::string& shown, std::size_t most) {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  const Descriptor file(::openat(folder.get(), name.c_str(), kFlags));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return unreadable(shown, std::string("cannot read: ") +
                                 (errno == ELOOP ? "it is a link" : std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    return unreadable(shown, "want a regular file");
  }
  KEYSTONE_CHECK_OK(check_private(shown, status, "0600"));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > most) {
    return fail(ErrorCode::limit_exceeded, shown + ": got " + std::to_string(size) +
                                               " bytes, want at most " + std::to_string(most));
  }
  SecretBytes content(size);
  const ssize_t filled = read_up_to(file, content.bytes());
  if (filled != static_cast<ssize_t>(size)) {
    return unreadable(shown, filled < 0 ? std::string("cannot read: ") + std::strerror(errno)
                                        : "it was cut meanwhile");
  }
  return content;
}

Status write_private_file(const Descriptor& folder, const std::string& name,
                          const std::string& shown, ByteView content) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(::openat(folder.get(), name.c_str(), kFlags, static_cast<mode_t>(0600)));
  if (!file.is_open()) {
    return unwritable(shown, errno);
  }
  if (!file.write_all(content) || ::fsync(file.get()) != 0 || !file.close() ||
      ::fsync(folder.get()) != 0) {
    const int error = errno;
    (void)::unlinkat(folder.get(), name.c_str(), 0);
    return unwritable(shown, error);
  }
  return {};
}

}  // namespace keystone::server::attestd
