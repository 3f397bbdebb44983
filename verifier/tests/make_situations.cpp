// SPDX-License-Identifier: Apache-2.0
// Writes the folders of test-vectors/verify/ into the folder that it is given: the same bytes in
// every run.
#include "situation_maker.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  using namespace keystone::testing;
  if (argc != 2) {
    (void)std::fputs("usage: make_situations FOLDER\n", stderr);
    return 2;
  }
  try {
    Situations all;
    for (const auto add :
         {add_forms, add_waivers, add_devices, add_expected_hashes, add_roots_of_trust,
          add_signatures, add_odd_signatures, add_data, add_times, add_malformed}) {
      add(all);
    }
    all.write(argv[1]);
    return 0;
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "make_situations: %s\n", problem.what());
    return 1;
  }
}
