// SPDX-License-Identifier: Apache-2.0
#include "attestd/commands.hpp"

int main(int argc, char** argv) {
  return keystone::server::attestd::run_attestd(argc, argv);
}
