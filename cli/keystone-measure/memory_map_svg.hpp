// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/explained.hpp"

#include <string>
#include <vector>

namespace keystone::cli {

// The memory map of an enclave, its scale, its legend and the words that are measured before the
// memory, as one <svg> element without an XML declaration. `caption`: lines above it, as text.
//
// What is drawn is found by these attributes (sizes in bytes, coordinates in the units of #pages):
//   #map       data-columns, data-cell: pages in a row, and the side of a page;
//              data-address-name: what an address is here (address_name())
//   .run       data-address, data-size, data-first-page, data-top: see MapRun
//   .range     data-range (its number, from 0), data-address, data-size; holds a <title>
[[nodiscard]] std::string memory_map_svg(const ExplainedEnclave& enclave,
                                         const std::vector<std::string>& caption);

}  // namespace keystone::cli
