// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-measure/explained.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Enclaves that nobody measured, for tests of how they are shown.
namespace keystone::cli {

template <std::size_t N>
std::array<std::uint8_t, N> all_bytes(std::uint8_t value) {
  std::array<std::uint8_t, N> bytes{};
  bytes.fill(value);
  return bytes;
}

// `pages` pages of eapp at `address`, all of them of the file.
inline MeasuredRange range_of(std::uint64_t address, std::uint64_t pages) {
  const std::uint64_t size = pages * kPageSize;
  return {address, size, "eapp", false, 0, size, 0x1000, {}, ".text", Zeros::none};
}

inline ExplainedEnclave enclave_of(std::vector<MeasuredRange> ranges,
                                   Profile profile = Profile::keystone_v1) {
  const Measurement measurement{profile, EnclaveHash(all_bytes<64>(0xab))};
  return {{measurement,
           {{"eapp", "eapp.elf", 10, FileDigest(all_bytes<32>(0xcd)), 10, "whole_file"}},
           {},
           {"a note"},
           {"a warning"}},
          {measurement, {{"user_entry", 0x10000}}, std::move(ranges), {}, {}, 0}};
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace keystone::cli
