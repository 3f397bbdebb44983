// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/vectors.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

// What the tests of this part share.
namespace keystone::testing {

// SHA3-512 of Crypto++, which the library does not use, as lower-case hex.
[[nodiscard]] std::string independent_sha3_512(ByteView bytes);

// `value` as `width` little-endian bytes.
[[nodiscard]] Bytes le(std::uint64_t value, std::size_t width);

[[nodiscard]] Bytes concat(std::initializer_list<Bytes> parts);

// With zeros up to the next multiple of a page.
[[nodiscard]] Bytes padded(Bytes file);

// `size` bytes that differ for each `name`.
[[nodiscard]] Bytes noise(std::string_view name, std::size_t size);

// What a Security Monitor with words of `width` bytes hashes for three regions: the stream of the
// loader scheme, put together by hand.
[[nodiscard]] Bytes loader_stream(std::size_t width, const Bytes& loader, const Bytes& runtime,
                                  const Bytes& eapp);

// Three files, and what the library makes of them.
struct Files {
  Bytes eapp;
  Bytes runtime;
  Bytes loader;
  bool loader_raw = false;

  // The hash as hex, or the Error of lay_out() or measure().
  [[nodiscard]] Result<std::string> hash(Profile profile) const;

  // The image without its memory: the sources do not outlive this call.
  [[nodiscard]] Result<EnclaveImage> lay_out_only(Profile profile) const;
};

// A file of `size` bytes, of which `start` is stored and the rest is zero. Counts what is read.
class SparseSource final : public ByteSource {
 public:
  SparseSource(Bytes start, std::uint64_t size) : start_(std::move(start)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  Bytes start_;
  std::uint64_t size_;
  mutable std::uint64_t bytes_read_ = 0;
};

// A file that cannot be read from `from` on.
class FailingSource final : public ByteSource {
 public:
  static constexpr std::string_view kMessage = "the disk is on fire";

  explicit FailingSource(Bytes bytes, std::uint64_t from = 0)
      : bytes_(std::move(bytes)), from_(from) {}

  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Status read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override;

 private:
  Bytes bytes_;
  std::uint64_t from_;
};

}  // namespace keystone::testing
