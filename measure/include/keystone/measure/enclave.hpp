// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/measure/memory_view.hpp"
#include "keystone/measure/profile.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// From the three files of an enclave to the hash that the Security Monitor reports for it:
//   EnclaveInputs --lay_out()--> EnclaveImage --measure()--> Measurement
namespace keystone {

// The files, as the user has them. The sources must outlive every image made of them.
struct EnclaveInputs {
  const ByteSource& eapp;
  const ByteSource& runtime;
  const ByteSource& loader;
  // Take every file as it is: extract nothing from an ELF loader, and let an ELF file of which a
  // part is missing pass. A file that is not ELF always is taken so.
  bool loader_raw = false;
};

// Which bytes of a file are in enclave memory.
enum class Extraction : std::uint8_t {
  whole_file,
  text_section,   // of an ELF loader: what `loader.bin` holds
  load_segments,  // of an ELF loader: what the Rust SDK copies
};

[[nodiscard]] std::string_view to_string(Extraction extraction);

// What became of one input.
struct PlacedInput {
  std::string_view role;  // "eapp", "runtime", "loader"
  Extraction extraction;
  std::uint64_t taken;          // bytes of the file that are in memory
  std::uint64_t measured_size;  // bytes of memory that are measured for it: padding (and stack) too
};

// A piece of an input in enclave memory. Zeros follow it up to the next page boundary.
struct PlacedPiece {
  std::size_t input;                   // which of EnclaveImage::placed
  std::uint64_t address;               // of a page
  std::uint64_t file_offset;           // in bytes
  std::uint64_t size;                  // in bytes; not 0
  std::optional<std::size_t> segment;  // the number of the program header that it is taken from
};

// The boundaries that the Security Monitor hashes between (create arguments of the loader scheme,
// keystone sm/src/enclave.c and attest.c @88c49ee). Physical addresses in ascending order; need not
// be page-aligned: a hostile host chooses them.
struct LoaderWindow {
  std::uint64_t dram_base;  // the loader starts here
  std::uint64_t runtime_base;
  std::uint64_t user_base;
  std::uint64_t free_base;  // the first byte that is not measured
};

// Enclave private memory as the host hands it to the Security Monitor, and what is known of it.
struct EnclaveImage {
  Profile profile;
  RegionMemory memory;
  LoaderWindow window;
  std::array<PlacedInput, 3> placed;  // in memory order: loader, runtime, eapp
  std::vector<std::string> warnings;  // measured all the same; a user wants to know
  std::vector<PlacedPiece> pieces{};  // by address
};

struct Measurement {
  Profile profile;
  EnclaveHash hash;
};

// Lays the files out as the host loader of `profile` does. Empty files make empty regions. Fails
// with `malformed`, naming the input, for a file that the host loader refuses or that does not fit
// the machine's address space, and with the sources' own Errors.
[[nodiscard]] Result<EnclaveImage> lay_out(const EnclaveInputs& inputs, Profile profile);

// The hash that the Security Monitor computes over the image.
[[nodiscard]] Result<Measurement> measure(const EnclaveImage& image);

// The same over memory that somebody else laid out. Each of the three regions is hashed in page
// steps from its start while the step starts before the region's end: a boundary that is not
// aligned makes the last step run on into what follows. `malformed` if the boundaries are not in
// order or a word cannot hold them.
[[nodiscard]] Result<EnclaveHash> measure_window(const MemoryView& memory,
                                                 const LoaderWindow& window, Word word);

}  // namespace keystone
