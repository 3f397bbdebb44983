// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "elf_builder.hpp"
#include "keystone/measure/explain.hpp"
#include "support.hpp"

#include <string>
#include <vector>

// Explanations as tests need them, and the hash again by what they say.
namespace keystone::testing {

inline constexpr ExplainOptions kNoPages{.pages = false};
inline constexpr ExplainOptions kWithPages{.pages = true};

// What explain() says of these files, laid out by lay_out(). Page-walk profiles take their default
// parameters, and do without the loader.
[[nodiscard]] Result<Explanation> explain_files(const Files& files, Profile profile,
                                                const ExplainOptions& options = kNoPages);
[[nodiscard]] Result<Explanation> explain_files(const Files& files, Profile profile,
                                                const PageWalkParameters& parameters,
                                                const ExplainOptions& options = kNoPages);

// The same with pages, where it cannot fail.
[[nodiscard]] Explanation explained(const Files& files, Profile profile,
                                    const ExplainOptions& options = kWithPages);
[[nodiscard]] Explanation explained(const Files& files, Profile profile,
                                    const PageWalkParameters& parameters);

// SHA3-512 of Crypto++ over the words and the ranges, with bytes from the files alone.
[[nodiscard]] std::string hash_by_files(const Explanation& explanation, const Files& files);

// The same with bytes that are read from the image at the ranges' addresses.
[[nodiscard]] std::string hash_by_memory(const Explanation& explanation, const EnclaveImage& image);
[[nodiscard]] std::string hash_by_memory(const Explanation& explanation,
                                         const PageWalkImage& image);

// SHA-256 of Crypto++, as lower-case hex.
[[nodiscard]] std::string independent_sha256(ByteView bytes);

// A line for each range: `eapp 0x10000 8192, run, 0+4100 at 0x1000, segment 1, [.text], padding`:
// address, size, whether the address is measured, zeros before + file bytes at their offset.
[[nodiscard]] std::vector<std::string> lines_of(const Explanation& explanation);

// The sample enclave with symbols, `rv64` or `rv32`. Its loader is the ELF file.
[[nodiscard]] Files bundled(const std::string& machine);

// Two files of the page-walk vectors, without a loader.
[[nodiscard]] Files walk_files(const std::string& eapp, const std::string& runtime);

// A program with `text` in the segment and the section .text at `address`, and zeros behind it: a
// section .bss of `bss` bytes.
[[nodiscard]] ElfSpec program_at(std::uint64_t address, const Bytes& text, std::uint64_t bss = 0);

}  // namespace keystone::testing
