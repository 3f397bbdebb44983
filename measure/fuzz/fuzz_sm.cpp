// SPDX-License-Identifier: Apache-2.0
// An image that can be laid out covers its window: all of it can be read and measured.
#include "keystone/base/assert.hpp"
#include "keystone/measure/sm.hpp"
#include "keystone/testing/fuzz.hpp"

#include <algorithm>
#include <vector>

void keystone::fuzz(ByteView input) {
  const SmWindow window{0x1000, 0x4000, 0xff};
  const ArraySource source(input);
  const auto image = lay_out_sm(source, window);
  if (!image) {
    return;
  }
  std::vector<std::uint8_t> bytes(window.size);
  KEYSTONE_ASSERT(image->memory.read(window.base, bytes));
  const auto end =
      bytes.begin() + static_cast<std::ptrdiff_t>(std::min(image->image_size, window.size));
  KEYSTONE_ASSERT(std::any_of(bytes.begin(), end, [](auto byte) { return byte != 0; }));
  KEYSTONE_ASSERT(std::all_of(end, bytes.end(), [](auto byte) { return byte == 0xff; }));
  KEYSTONE_ASSERT(measure_sm(*image));
}
