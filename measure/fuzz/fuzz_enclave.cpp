// SPDX-License-Identifier: Apache-2.0
// What can be laid out measures the same twice, between boundaries on pages.
#include "keystone/base/assert.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/testing/fuzz.hpp"

namespace {

void check(keystone::ByteView eapp_bytes, keystone::ByteView runtime_bytes,
           keystone::ByteView loader_bytes) {
  const keystone::ArraySource eapp(eapp_bytes);
  const keystone::ArraySource runtime(runtime_bytes);
  const keystone::ArraySource loader(loader_bytes);
  for (const keystone::ProfileInfo& row : keystone::profiles()) {
    const auto image = keystone::lay_out({eapp, runtime, loader}, row.profile);
    if (!image) {
      continue;
    }
    const auto& window = image->window;
    for (const auto boundary : {window.runtime_base, window.user_base, window.free_base}) {
      KEYSTONE_ASSERT((boundary - window.dram_base) % keystone::kPageSize == 0);
    }
    const auto first = keystone::measure(*image);
    const auto second = keystone::measure(*image);
    KEYSTONE_ASSERT(first && second && first->hash == second->hash);
  }
}

}  // namespace

void keystone::fuzz(ByteView input) {
  check(input, input, input);  // one file in every role
  if (input.size() >= 2) {     // and three files, of which the first two bytes tell the shares
    const ByteView files = input.subspan(2);
    const ByteView loader = files.first(files.size() * input[0] / 255);
    const ByteView others = files.subspan(loader.size());
    const std::size_t cut = others.size() * input[1] / 255;
    check(others.first(cut), others.subspan(cut), loader);
  }
}
