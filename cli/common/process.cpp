// SPDX-License-Identifier: Apache-2.0
#include "common/process.hpp"

#include <csignal>
#include <initializer_list>

#include <fcntl.h>
#include <unistd.h>

namespace keystone::cli {

void prepare_process() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) {
      // The lowest free number, which is this one. Opened for what it is not used for.
      (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
  (void)std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace keystone::cli
