// SPDX-License-Identifier: Apache-2.0
#include "attestd/signals.hpp"

#include "keystone/base/assert.hpp"

#include <initializer_list>

namespace keystone::server::attestd {

Signals::Signals() {
  ::sigemptyset(&set_);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) {
    ::sigaddset(&set_, number);
  }
  KEYSTONE_ASSERT(::pthread_sigmask(SIG_BLOCK, &set_, nullptr) == 0);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

Signal Signals::next() const {
  int number = 0;
  while (::sigwait(&set_, &number) != 0) {
  }
  return number == SIGHUP ? Signal::reload : Signal::stop;
}

}  // namespace keystone::server::attestd
