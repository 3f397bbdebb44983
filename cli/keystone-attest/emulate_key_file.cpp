// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_key_file.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/descriptor.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keystone::cli::attest {
namespace {

tl::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::unreadable, path + ": device key: cannot read: " + why);
}

Status check(const std::string& path, const struct stat& status) {
  const auto checked =
      check_key_file(status.st_mode, narrow<std::uint64_t>(std::int64_t{status.st_size}));
  return checked ? Status() : Status(fail(checked.error().within(path)));
}

Result<Descriptor> open_to_read(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.is_open()) {
    return file;
  }
  const int error = errno;
  struct stat link {};
  if (error == ELOOP && ::lstat(path.c_str(), &link) == 0) {
    KEYSTONE_CHECK_OK(check(path, link));  // says better what it is than the system does
  }
  return unreadable(path, std::strerror(error));
}

// Whether `out` was filled; errno is 0 where the file ends too early.
bool read_all(const Descriptor& file, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t count = ::read(file.get(), out.data(), out.size());
    if (count > 0) {
      out = out.subspan(static_cast<std::size_t>(count));
    } else if (count == 0) {
      errno = 0;
      return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<DeviceKey> read_key_file(const std::string& path) {
  KEYSTONE_TRY(const auto file, open_to_read(path));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return unreadable(path, std::strerror(errno));
  }
  KEYSTONE_CHECK_OK(check(path, status));
  SecretBytes text(static_cast<std::size_t>(status.st_size));
  if (!read_all(file, text.bytes())) {
    return unreadable(path, errno == 0 ? "it was cut meanwhile" : std::strerror(errno));
  }
  auto key = parse_device_key(ByteView(text.bytes()));
  return key ? std::move(key) : Result<DeviceKey>(fail(key.error().within(path)));
}

Status make_key_file(const std::string& path, const SecretBytes& text) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(::open(path.c_str(), kFlags, static_cast<mode_t>(kKeyFileMode)));
  if (!file.is_open() && errno == EEXIST) {
    return fail(ErrorCode::unwritable, path + ": is there already, want a new file",
                "a key is never written over");
  }
  if (!file.is_open()) {
    return fail(ErrorCode::unwritable, path + ": cannot write: " + std::strerror(errno));
  }
  if (!file.write_all(text.bytes()) || ::fsync(file.get()) != 0 || !file.close()) {
    const int error = errno;
    (void)::unlink(path.c_str());
    return fail(ErrorCode::unwritable, path + ": cannot write: " + std::strerror(error));
  }
  return {};
}

}  // namespace keystone::cli::attest
