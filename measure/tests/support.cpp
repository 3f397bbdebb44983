// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/testing/input_spec.hpp"

#include <algorithm>
#include <array>

#include <cryptopp/sha3.h>

namespace keystone::testing {

std::string independent_sha3_512(ByteView bytes) {
  CryptoPP::SHA3_512 hash;
  std::array<std::uint8_t, CryptoPP::SHA3_512::DIGESTSIZE> digest{};
  hash.CalculateDigest(digest.data(), bytes.data(), bytes.size());
  return hex::encode(digest);
}

Bytes le(std::uint64_t value, std::size_t width) {
  Bytes bytes;
  for (std::size_t i = 0; i < width; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  return bytes;
}

Bytes concat(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Bytes padded(Bytes file) {
  while (file.size() % 4096 != 0) {
    file.push_back(0);
  }
  return file;
}

Bytes noise(std::string_view name, std::size_t size) {
  return expand_input("shake:" + std::string(name) + ":" + std::to_string(size));
}

Bytes loader_stream(std::size_t width, const Bytes& loader, const Bytes& runtime,
                    const Bytes& eapp) {
  return concat({le(loader.size(), width), le(runtime.size(), width), le(eapp.size(), width),
                 loader, runtime, eapp});
}

Result<std::string> Files::hash(Profile profile) const {
  const ArraySource sources[] = {ArraySource(eapp), ArraySource(runtime), ArraySource(loader)};
  KEYSTONE_TRY(const auto image,
               lay_out({sources[0], sources[1], sources[2], loader_raw}, profile));
  KEYSTONE_TRY(const auto measurement, measure(image));
  return measurement.hash.hex();
}

Result<EnclaveImage> Files::lay_out_only(Profile profile) const {
  const ArraySource sources[] = {ArraySource(eapp), ArraySource(runtime), ArraySource(loader)};
  KEYSTONE_TRY(auto image, lay_out({sources[0], sources[1], sources[2], loader_raw}, profile));
  image.memory = {};
  return image;
}

Status SparseSource::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  KEYSTONE_ASSERT(fits(offset, out.size(), size_));
  bytes_read_ += out.size();
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < out.size() && offset + i < start_.size(); ++i) {
    out[i] = start_[narrow<std::size_t>(offset + i)];
  }
  return {};
}

Status FailingSource::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset + out.size() > from_) {
    return fail(ErrorCode::unreadable, std::string(kMessage));
  }
  return ArraySource(bytes_).read_at(offset, out);
}

}  // namespace keystone::testing
