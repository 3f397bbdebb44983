// SPDX-License-Identifier: Apache-2.0
// Whatever a file says of itself: words and ranges tell all that is hashed, and nothing differs
// from itself.
#include "keystone/base/assert.hpp"
#include "keystone/measure/diff.hpp"
#include "keystone/measure/measurer.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>
#include <vector>

namespace {

using namespace keystone;

void check(const Result<Explanation>& explanation, ByteView file) {
  if (!explanation) {
    return;  // a monitor refuses it
  }
  const Word word = info(explanation->measurement.profile).word;
  auto measurer = Measurer::create();
  KEYSTONE_ASSERT(measurer);
  for (const MeasuredWord& measured : explanation->words) {
    measurer->word(measured.value, word);
  }
  for (const MeasuredRange& range : explanation->ranges) {
    if (range.starts_run) {
      measurer->word(range.address, word);
    }
    std::vector<std::uint8_t> bytes(range.size);
    const auto from = file.subspan(range.file_bytes == 0 ? 0 : range.file_offset, range.file_bytes);
    std::copy(from.begin(), from.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(range.zeros_before));
    const ArraySource source(bytes);
    RegionMemory memory;
    KEYSTONE_ASSERT(memory.add_bytes(0, source, 0, bytes.size()));
    KEYSTONE_ASSERT(measurer->bytes(memory, 0, bytes.size()));
  }
  const EnclaveHash hash(std::move(*measurer).finish().bytes());
  KEYSTONE_ASSERT(hash == explanation->measurement.hash);
  KEYSTONE_ASSERT(compare(*explanation, *explanation).list.empty());
}

}  // namespace

// One file in every role.
void keystone::fuzz(ByteView input) {
  const ArraySource file(input);
  for (const ProfileInfo& row : profiles()) {
    if (row.scheme == Scheme::loader) {
      const EnclaveInputs inputs{file, file, file};
      if (const auto image = lay_out(inputs, row.profile)) {
        check(explain(inputs, *image, {.pages = true}), input);
      }
      continue;
    }
    PageWalkParameters parameters = default_parameters(row.profile);
    if (parameters.runtime_stack != 0) {
      parameters.runtime_stack = 4096;  // small, and the walk is quick
      parameters.user_entry = 0;
    }
    parameters.stack_size = 8192;
    const PageWalkInputs inputs{file, file};
    const PageWalkPlacement placement{.max_memory = std::uint64_t{1} << 20U};
    if (const auto image = lay_out(inputs, row.profile, parameters, placement)) {
      check(explain(inputs, *image, {.pages = true}), input);
    }
  }
}
