// SPDX-License-Identifier: Apache-2.0
#include "http/src/plain_stream.hpp"

#include <cerrno>

#include <sys/socket.h>

namespace keystone::server::http {
namespace {

IoResult not_now(IoState what_to_wait_for) {
  const bool is_for_later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {is_for_later ? what_to_wait_for : IoState::failed};
}

}  // namespace

IoResult PlainStream::read(std::span<char> out) {
  const ssize_t count = ::recv(socket_, out.data(), out.size(), MSG_DONTWAIT);
  if (count < 0) {
    return not_now(IoState::wants_read);
  }
  return {count == 0 ? IoState::ended : IoState::done, static_cast<std::size_t>(count)};
}

IoResult PlainStream::write(std::string_view bytes) {
  const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) {
    return not_now(IoState::wants_write);
  }
  return {IoState::done, static_cast<std::size_t>(count)};
}

void PlainStream::end() {
  (void)::shutdown(socket_, SHUT_WR);
}

}  // namespace keystone::server::http
