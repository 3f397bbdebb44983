// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/commands.hpp"

int main(int argc, char** argv) {
  return keystone::cli::run_measure(argc, argv);
}
