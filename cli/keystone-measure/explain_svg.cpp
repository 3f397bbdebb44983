// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/explain_render.hpp"
#include "keystone-measure/memory_map_svg.hpp"

namespace keystone::cli {

std::string explain_svg(const ExplainedEnclave& enclave) {
  const Measurement& measurement = enclave.explanation.measurement;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         memory_map_svg(enclave, {"profile " + std::string(info(measurement.profile).name),
                                  measurement.hash.hex()});
}

}  // namespace keystone::cli
