// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/measurer.hpp"
#include "keystone/measure/page_walk.hpp"

namespace keystone {

// What measure_pages() hashes, or why the monitor refuses; the sink has then got a part of it.
// Fails with the Errors of the memory and of the sink.
[[nodiscard]] Result<std::optional<SmRefusal>> add_pages(MeasureSink& sink,
                                                         const MemoryView& memory,
                                                         const PageWalkArguments& arguments,
                                                         const WalkOptions& options);

}  // namespace keystone
