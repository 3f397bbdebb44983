// SPDX-License-Identifier: Apache-2.0
// Prints the hash of an enclave whose eapp, runtime and loader are arrays in memory.
#include <keystone/measure/enclave.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

std::vector<std::uint8_t> bytes_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

keystone::Result<keystone::Measurement> measure(keystone::ByteView eapp, keystone::ByteView runtime,
                                                keystone::ByteView loader) {
  const keystone::ArraySource eapp_source(eapp);
  const keystone::ArraySource runtime_source(runtime);
  const keystone::ArraySource loader_source(loader);
  KEYSTONE_TRY(const auto image, keystone::lay_out({eapp_source, runtime_source, loader_source},
                                                   keystone::kDefaultProfile));
  return keystone::measure(image);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: consumer EAPP RUNTIME LOADER\n";
    return 2;
  }
  const auto measurement =
      measure(bytes_of(arguments[1]), bytes_of(arguments[2]), bytes_of(arguments[3]));
  if (!measurement) {
    std::cerr << measurement.error().message << '\n';
    return 3;
  }
  std::cout << measurement->hash.hex() << '\n';
}
