// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/result.hpp"
#include "keystone/measure/byte_source.hpp"

#include <cstdint>
#include <vector>

// What `strip` leaves of a program: build and install rules strip, and a file that is measured
// whole then has another hash.
namespace keystone {

enum class Strip : std::uint8_t {
  all,    // strip, strip --strip-all
  debug,  // strip -g, strip --strip-debug: the symbol table stays
};

// The largest file that is stripped, and the largest that comes of it, in bytes.
inline constexpr std::uint64_t kMaxStripped = std::uint64_t{64} << 20U;

// The bytes that GNU strip 2.40 writes for a RISC-V program of GNU ld, as it is seen to do
// (test-vectors/stripped/): headers, program headers and what is allocated stay in place; the
// other sections that are kept follow without gaps, and behind them symbols, names and the section
// headers. The program header for .riscv.attributes that older linkers do not write, and strip 2.40
// adds, is not added: the strip of an older toolchain is taken to know no more than its linker.
//
// Fails with `malformed` for what is no such program, and for what strip refuses or lays out
// anew: relocations that were kept for the linker (with Strip::debug), sections that are neither
// allocated nor in the file, more than one symbol table. `limit_exceeded` above kMaxStripped, and
// the source's own Errors. Memory: kMaxStripped and about six times the file's size at most. Time:
// n log n.
[[nodiscard]] Result<std::vector<std::uint8_t>> stripped(const ByteSource& source, Strip mode);

}  // namespace keystone
