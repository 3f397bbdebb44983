// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/bytes.hpp"
#include <keystone/testing/fails_with.hpp>
#include <keystone/testing/vectors.hpp>

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <vector>

namespace keystone::channel {

using testing::Bytes;
using testing::fails_with;

// `size` bytes, of which no two neighbours are equal.
inline Bytes counting(std::size_t size, std::uint8_t first = 1) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

// Every way to cut `stream` in two, the whole in one piece among them, and the one into bytes.
inline std::vector<std::vector<ByteView>> cuts_of(ByteView stream) {
  std::vector<std::vector<ByteView>> cuts;
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    cuts.push_back({stream.first(at), stream.subspan(at)});
  }
  std::vector<ByteView> single;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    single.push_back(stream.subspan(at, 1));
  }
  cuts.push_back(std::move(single));
  return cuts;
}

}  // namespace keystone::channel
