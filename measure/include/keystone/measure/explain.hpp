// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/enclave.hpp"
#include "keystone/measure/page_walk_image.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The measured stream of an enclave, piece by piece, with where each piece comes from.
namespace keystone {

// A number that goes into the hash before any memory does, in this order.
struct MeasuredWord {
  std::string_view name;  // such as "runtime_entry" or "loader_size"
  std::uint64_t value;
};

// What the zeros of a range are that no file has.
enum class Zeros : std::uint8_t {
  none,       // all bytes are of a file
  padding,    // behind the file's bytes, up to the page's end (or before them, on the first page);
              // .bss that shares the page, too
  bss,        // whole pages of a segment, or of a section, that are not in the file
  stack,      // of the eapp, or of the runtime
  untrusted,  // the buffer that is shared with the host, cleared before it is measured
};

[[nodiscard]] std::string_view to_string(Zeros zeros);

// The names of the words of that scheme, in their order, and of all roles, in memory order.
[[nodiscard]] std::span<const std::string_view> word_names(Scheme scheme);
[[nodiscard]] std::span<const std::string_view> role_names();

// Whole pages in a row with one origin. Its bytes are zeros_before zeros, then file_bytes bytes of
// the role's input, then zeros up to its size: words and ranges tell all that is measured.
struct MeasuredRange {
  // page_walk: the virtual address; loader: the offset from the start of enclave memory.
  std::uint64_t address;
  std::uint64_t size;          // in bytes
  std::string_view role;       // loader, runtime, eapp, stack, runtime_stack, untrusted
  bool starts_run;             // page_walk: the address is measured, too, before the bytes
  std::uint64_t zeros_before;  // in bytes
  std::uint64_t file_bytes;    // 0: all zeros
  std::uint64_t file_offset;   // of the first of them
  // The number of the program header that asked for the memory; absent where a file is copied as
  // a file, and for a section or a stack.
  std::optional<std::size_t> segment;
  // Names, `.text, .rodata`: of the sections with bytes there and, in the page walk, with memory
  // there that is not in the file (.bss). Empty if the file has none there. Of sections that
  // overlap, one is named; a label ends with `...` where there are too many.
  std::string sections;
  Zeros zeros;
};

// One page of a range.
struct MeasuredPage {
  std::uint64_t address;  // as of its range
  std::size_t range;      // the number of its range
  FileDigest sha256;      // of the page's 4096 bytes
  std::string symbol;     // the function or object that spans the whole page, if there is one
};

// A function of an input (STT_FUNC, of a size, in a section with bytes in the file) all of whose
// bytes are measured.
struct MeasuredFunction {
  std::string_view role;  // loader, runtime, eapp
  std::string name;
  std::uint64_t address;  // virtual, as its file has it
  std::uint64_t size;     // in bytes
  FileDigest sha256;      // of its bytes in the file
};

// Hostile symbols overlap: this many times a file's size is hashed for its functions, no more.
inline constexpr std::uint64_t kFunctionBytesPerFileByte = 2;

struct Explanation {
  Measurement measurement;
  std::vector<MeasuredWord> words;
  std::vector<MeasuredRange> ranges;        // in the order in which they are measured
  std::vector<MeasuredPage> pages;          // if they were asked for
  std::vector<MeasuredFunction> functions;  // with the pages; by role, address and name
  std::uint64_t functions_left_out;         // because of kFunctionBytesPerFileByte
};

struct ExplainOptions {
  bool pages = false;  // pages and functions, too
};

// Explains an image that lay_out() made of these inputs. The measurement is that of measure().
// Names come from what the files say of themselves: damaged tables give none, and are no error.
// Without pages, the memory is read and hashed once, as by measure(). With pages it is read once
// more, and memory is used for each page (about 100 bytes) and each function.
// Fails as measure() does, and with the sources' Errors.
[[nodiscard]] Result<Explanation> explain(const EnclaveInputs& inputs, const EnclaveImage& image,
                                          const ExplainOptions& options);
[[nodiscard]] Result<Explanation> explain(const PageWalkInputs& inputs, const PageWalkImage& image,
                                          const ExplainOptions& options);

}  // namespace keystone
