// SPDX-License-Identifier: Apache-2.0
#include "extract.hpp"
#include "keystone/base/arithmetic.hpp"
#include "keystone/measure/enclave.hpp"

#include <utility>

namespace keystone {
namespace {

// The stack that the Rust SDK allocates behind the eapp, before the free memory begins: it is
// measured, as zeros (DEFAULT_STACK_SIZE, vector-sdk/rust-sdk libhapp/src/builder.rs @93dc011).
constexpr std::uint64_t kRustSdkStack = 16384;

// Places inputs one behind the other, each range from a page boundary on.
class Placer {
 public:
  Placer(EnclaveImage& image, Word word)
      : image_(image), limit_(word == Word::bits32 ? UINT32_MAX : UINT64_MAX) {}

  // As the input with that number, with zeros behind it.
  Status place(std::size_t input, const ByteSource& source, const Pieces& pieces,
               std::uint64_t zeros_behind) {
    PlacedInput& placed = image_.placed[input];
    const std::uint64_t start = next_;
    placed.extraction = pieces.extraction;
    placed.taken = 0;
    for (const auto& [range, segment] : pieces.pieces) {
      KEYSTONE_CHECK_OK(image_.memory.add_bytes(next_, source, range.offset, range.size));
      if (range.size != 0) {
        image_.pieces.push_back({input, next_, range.offset, range.size, segment});
      }
      const std::uint64_t padding = (kPageSize - range.size % kPageSize) % kPageSize;
      KEYSTONE_CHECK_OK(advance(range.size));
      KEYSTONE_CHECK_OK(add_zeros(padding));
      placed.taken += range.size;
    }
    KEYSTONE_CHECK_OK(add_zeros(zeros_behind));
    placed.measured_size = next_ - start;
    return {};
  }

  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  Status add_zeros(std::uint64_t size) {
    KEYSTONE_CHECK_OK(image_.memory.add_fill(next_, size, 0));
    return advance(size);
  }

  Status advance(std::uint64_t size) {
    if (!fits(next_, size, limit_)) {
      return fail(ErrorCode::malformed, "the enclave does not fit the address space");
    }
    next_ += size;
    return {};
  }

  EnclaveImage& image_;
  std::uint64_t limit_;
  std::uint64_t next_ = 0;  // enclave memory from address 0: where it lies is not measured
};

}  // namespace

std::string_view to_string(Extraction extraction) {
  switch (extraction) {
    case Extraction::whole_file:
      return "whole_file";
    case Extraction::text_section:
      return "text_section";
    case Extraction::load_segments:
      return "load_segments";
  }
  KEYSTONE_ASSERT(false);
}

Result<EnclaveImage> lay_out(const EnclaveInputs& inputs, Profile profile) {
  KEYSTONE_TRY(const auto pieces, extract(inputs, profile));
  KEYSTONE_TRY(auto warnings, look_for_mistakes(inputs, profile));
  const bool is_rust = info(profile).host_loader == HostLoader::rust_sdk;

  EnclaveImage image{profile, {}, {}, {}, std::move(warnings)};
  image.placed[0].role = "loader";
  image.placed[1].role = "runtime";
  image.placed[2].role = "eapp";
  Placer placer(image, info(profile).word);
  image.window.dram_base = placer.next();
  KEYSTONE_CHECK_OK(named("loader", placer.place(0, inputs.loader, pieces.loader, 0)));
  image.window.runtime_base = placer.next();
  KEYSTONE_CHECK_OK(named("runtime", placer.place(1, inputs.runtime, pieces.runtime, 0)));
  image.window.user_base = placer.next();
  KEYSTONE_CHECK_OK(
      named("eapp", placer.place(2, inputs.eapp, pieces.eapp, is_rust ? kRustSdkStack : 0)));
  image.window.free_base = placer.next();
  return image;
}

}  // namespace keystone
