// SPDX-License-Identifier: Apache-2.0
// What can be laid out is the same memory each time, and a monitor that walks a copy of it answers
// as measure() does.
#include "keystone/base/assert.hpp"
#include "keystone/measure/page_walk_image.hpp"
#include "keystone/testing/fuzz.hpp"

#include <optional>
#include <vector>

namespace {

using namespace keystone;

std::vector<std::uint8_t> private_memory(const PageWalkImage& image) {
  const PageWalkArguments& a = image.arguments();
  std::vector<std::uint8_t> bytes(a.free_base - a.epm_base);
  KEYSTONE_ASSERT(image.memory().read(a.epm_base, bytes));
  return bytes;
}

// What a monitor says to a copy of the image; nothing if it refuses it.
std::optional<EnclaveHash> walk_copy(const PageWalkImage& image,
                                     const std::vector<std::uint8_t>& bytes) {
  const PageWalkArguments& a = image.arguments();
  const ArraySource source(bytes);
  RegionMemory copy;
  KEYSTONE_ASSERT(copy.add_bytes(a.epm_base, source, 0, bytes.size()));
  KEYSTONE_ASSERT(copy.add_fill(a.utm_base, a.utm_size, 0));
  const auto answer = measure_pages(copy, a, walk_options(image));
  KEYSTONE_ASSERT(answer);  // the walk ends, and within the image
  const auto* const hash = std::get_if<EnclaveHash>(&*answer);
  return hash != nullptr ? std::optional(*hash) : std::nullopt;
}

void check(ByteView eapp_bytes, ByteView runtime_bytes) {
  const ArraySource eapp(eapp_bytes);
  const ArraySource runtime(runtime_bytes);
  for (const ProfileInfo& row : profiles()) {
    if (row.scheme != Scheme::page_walk) {
      continue;
    }
    PageWalkParameters parameters = default_parameters(row.profile);
    const bool is_told = parameters.runtime_stack != 0;
    parameters.stack_size = 4096;  // small, and the walk is quick
    parameters.untrusted_size = 1;
    parameters.freemem = 0;
    if (is_told) {
      parameters.runtime_stack = 4096;
      parameters.user_entry = 0;
    }
    const PageWalkInputs inputs{eapp, runtime};
    const PageWalkPlacement placement{.max_memory = std::uint64_t{1} << 20U};
    const auto image = lay_out(inputs, row.profile, parameters, placement);
    const auto again = lay_out(inputs, row.profile, parameters, placement);
    KEYSTONE_ASSERT(image.has_value() == again.has_value());
    if (!image) {
      continue;
    }
    const auto memory = private_memory(*image);
    KEYSTONE_ASSERT(memory == private_memory(*again));
    const auto hash = walk_copy(*image, memory);
    for (const PageWalkImage* one : {&*image, &*again}) {
      const auto measured = measure(*one);
      KEYSTONE_ASSERT(measured.has_value() == hash.has_value());
      KEYSTONE_ASSERT(!hash || measured->hash == *hash);
    }
  }
}

}  // namespace

void keystone::fuzz(ByteView input) {
  check(input, input);
  if (!input.empty()) {  // and two files, of which the first byte tells the shares
    const ByteView files = input.subspan(1);
    const std::size_t cut = files.size() * input[0] / 255;
    check(files.subspan(cut), files.first(cut));
  }
}
