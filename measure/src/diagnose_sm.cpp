// SPDX-License-Identifier: Apache-2.0
#include "diagnose_sm_ways.hpp"
#include "keystone/measure/measurer.hpp"

namespace keystone {
namespace {

// The hash over the first `size` bytes of the image, and the window's fill behind them.
Result<SmHash> measure_start(const SmImage& image, std::uint64_t size) {
  const SmWindow& window = image.window;
  RegionMemory rest;
  KEYSTONE_CHECK_OK(rest.add_fill(window.base + size, window.size - size, window.fill));
  KEYSTONE_TRY(auto measurer, Measurer::create());
  KEYSTONE_CHECK_OK(measurer.bytes(image.memory, window.base, size));
  KEYSTONE_CHECK_OK(measurer.bytes(rest, window.base + size, window.size - size));
  return SmHash(std::move(measurer).finish().bytes());
}

}  // namespace

Result<SmDiagnosis> diagnose_sm(const ByteSource& image, const SmHash& seen,
                                const AttemptProgress& progress) {
  KEYSTONE_TRY(auto list, sm_ways(image));
  SmDiagnosis diagnosis{std::nullopt, 0, std::move(list.refused)};
  for (const SmWay& way : list.ways) {
    if (progress && !progress(diagnosis.attempts, list.ways.size())) {
      break;
    }
    KEYSTONE_TRY(const auto hash, measure_start(list.images[way.image], way.size));
    ++diagnosis.attempts;
    if (hash == seen) {
      diagnosis.match = way.attempt;
      break;
    }
  }
  return diagnosis;
}

}  // namespace keystone
