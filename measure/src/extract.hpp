// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/measure/elf.hpp"
#include "keystone/measure/enclave.hpp"

#include <optional>
#include <string>
#include <vector>

// Which bytes of its three files a host loader puts into enclave memory.
namespace keystone {

struct Piece {
  FileRange file;
  std::optional<std::size_t> segment{};  // the number of the program header that says so
};

// The pieces of one file, in order; each starts on a page of its own.
struct Pieces {
  Extraction extraction = Extraction::whole_file;
  std::vector<Piece> pieces;
};

struct ExtractedInputs {
  Pieces loader;
  Pieces runtime;
  Pieces eapp;
};

// Fails with `malformed`, naming the input, for a file that the host loader refuses, and for an ELF
// file of which a part is missing.
[[nodiscard]] Result<ExtractedInputs> extract(const EnclaveInputs& inputs, Profile profile);

// What looks like a mistake of whoever built the enclave, a sentence each: a program for another
// machine, or none at all. It is measured all the same.
[[nodiscard]] Result<std::vector<std::string>> look_for_mistakes(const EnclaveInputs& inputs,
                                                                 Profile profile);

// `result` with the input's name before its error.
template <class T>
[[nodiscard]] Result<T> named(std::string_view role, Result<T> result) {
  return result ? std::move(result) : Result<T>(fail(result.error().within(role)));
}

}  // namespace keystone
